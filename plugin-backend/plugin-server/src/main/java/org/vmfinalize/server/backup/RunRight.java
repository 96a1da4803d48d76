package org.vmfinalize.server.backup;

import java.util.List;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.Host;

/// What a backup tells, and where it is, is for those who may run it.
final class RunRight {

    private RunRight() {}

    /// @throws Problem FORBIDDEN
    static void require(Caller caller) {
        var host = caller.ask(vcenter -> vcenter.hosts()).stream().filter(Host::connected).findFirst()
                .orElseThrow(() -> new Problem(ProblemType.FORBIDDEN,
                        "hosts: vCenter shows no connected host to %s; have the privilege %s granted on one"
                                .formatted(caller.userName(), VmFinalizeKeys.PRIVILEGE_RUN))
                        .with("privileges", List.of(VmFinalizeKeys.PRIVILEGE_RUN)));
        caller.require(host.ref(), "host " + host.name(), List.of(VmFinalizeKeys.PRIVILEGE_RUN));
    }
}
