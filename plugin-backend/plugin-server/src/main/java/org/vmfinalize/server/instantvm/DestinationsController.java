package org.vmfinalize.server.instantvm;

import java.util.Comparator;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.Datastore;

/// Lists what a user may choose from when he runs or moves a machine: the hosts, networks and datastores that vCenter shows him.
@RestController
class DestinationsController {

    @GetMapping("/api/v1/destinations")
    @Refuses(ProblemType.FORBIDDEN)
    View list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        return new View(
                caller.ask(vcenter -> vcenter.hosts()).stream()
                        .map(host -> new HostView(host.ref().value(), host.name(), host.isUsable()))
                        .sorted(Comparator.comparing(HostView::name)).toList(),
                caller.ask(vcenter -> vcenter.networks()).stream()
                        .map(network -> new NetworkView(network.ref().value(), network.name()))
                        .sorted(Comparator.comparing(NetworkView::name)).toList(),
                caller.ask(vcenter -> vcenter.datastores()).stream().filter(Datastore::accessible)
                        .map(store -> new DatastoreView(store.ref().value(), store.name(), store.freeBytes()))
                        .sorted(Comparator.comparing(DatastoreView::name)).toList());
    }

    record View(List<HostView> hosts, List<NetworkView> networks, List<DatastoreView> datastores) {}

    /// @param usable whether a machine can be started on it now
    record HostView(String id, String name, boolean usable) {}

    record NetworkView(String id, String name) {}

    /// One that at least one host reaches, whoever serves it.
    record DatastoreView(String id, String name, long freeBytes) {}
}
