package org.vmfinalize.server.session;

import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.vcenter.ServiceAccount;

/// Tells which machines callers may know of.
///
/// **Threads:** any number.
@Component
public class Sights {

    private final ServiceAccount vcenter;

    Sights(ServiceAccount vcenter) {
        this.vcenter = vcenter;
    }

    /// For one request of this caller.
    public Sight of(Caller caller) {
        return new Sight(caller,
                () -> vcenter.ask(session -> session.virtualMachines()).stream().map(vm -> vm.ref().value())
                        .collect(Collectors.toUnmodifiableSet()));
    }
}
