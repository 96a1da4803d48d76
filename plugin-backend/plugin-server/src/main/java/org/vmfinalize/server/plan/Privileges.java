package org.vmfinalize.server.plan;

import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Right;

/// Which privileges an action needs and which of them its caller has.
public final class Privileges {

    private Privileges() {}

    public static List<Plan.Privilege> of(Caller caller, List<Right> rights) {
        var all = new ArrayList<Plan.Privilege>();
        for (var right : rights) {
            var missing = caller.missing(right);
            right.privileges().forEach(privilege -> all.add(
                    new Plan.Privilege(privilege, right.entityName(), !missing.contains(privilege))));
        }
        return all;
    }
}
