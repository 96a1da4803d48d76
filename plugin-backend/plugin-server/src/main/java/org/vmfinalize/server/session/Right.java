package org.vmfinalize.server.session;

import java.util.List;
import org.vmfinalize.vcenter.MoRef;

/// Privileges that somebody needs on one thing of vCenter.
///
/// @param entityName how people call it, such as `VM db1`
public record Right(MoRef entity, String entityName, List<String> privileges) {

    public Right {
        privileges = List.copyOf(privileges);
    }
}
