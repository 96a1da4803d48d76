package org.vmfinalize.server.instantvm;

import java.util.Optional;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;

/// Finds the datastore for the changes of a new machine: one of ours, or any other that its hosts have.
@Component
class ChangesPlace {

    private final Datastores datastores;

    ChangesPlace(Datastores datastores) {
        this.datastores = datastores;
    }

    /// @param served the datastore of ours that has the machine's live disks
    /// @param changes the datastore that has its home and its changes, if it is another one
    record Place(Datastore served, Optional<org.vmfinalize.vcenter.Datastore> changes) {}

    /// @throws Problem DATASTORE_NOT_FOUND, AMBIGUOUS_NAME or BAD_REQUEST
    Place find(Caller caller, VmStartRequest request) {
        var wanted = request.datastore() == null ? "" : request.datastore().strip();
        var ours = datastores.find(wanted);
        if (ours.isPresent()) {
            if (request.servedFrom() != null && !request.servedFrom().equals(wanted)) {
                throw new Problem(ProblemType.BAD_REQUEST,
                        "servedFrom '%s': datastore '%s' is this server's own and serves the disks itself; leave servedFrom out"
                                .formatted(request.servedFrom(), wanted));
            }
            return new Place(ours.get(), Optional.empty());
        }
        var known = caller.ask(session -> session.datastores()).stream()
                .filter(store -> store.name().equals(wanted) || store.ref().value().equals(wanted)).toList();
        if (known.size() > 1) {
            throw new Problem(ProblemType.AMBIGUOUS_NAME,
                    "datastore '%s': %d have that name in vCenter; give the id of one: %s".formatted(wanted,
                            known.size(), String.join(", ",
                                    known.stream().map(store -> store.ref().value()).sorted().toList())));
        }
        if (known.isEmpty()) {
            return new Place(datastores.require(wanted), Optional.empty()); // refuses, and lists ours
        }
        return new Place(served(request), Optional.of(known.getFirst()));
    }

    private Datastore served(VmStartRequest request) {
        if (request.servedFrom() != null) {
            return datastores.require(request.servedFrom());
        }
        if (datastores.all().size() != 1) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "servedFrom: must name the datastore of this server that serves the disks, since there are %d: %s"
                            .formatted(datastores.all().size(), String.join(", ",
                                    datastores.all().stream().map(Datastore::name).toList())));
        }
        return datastores.all().getFirst();
    }

    /// The destination without the hosts that do not reach the datastore.
    ///
    /// @throws Problem DATASTORE_NOT_REACHABLE if none is left
    static Destination reachedBy(Destination destination, org.vmfinalize.vcenter.Datastore store) {
        var hosts = destination.hosts().stream().filter(host -> store.hosts().contains(host.ref())).toList();
        if (hosts.isEmpty() || !store.accessible()) {
            throw new Problem(ProblemType.DATASTORE_NOT_REACHABLE,
                    "datastore '%s': no host that the machine may run on reaches it; choose another datastore or another host"
                            .formatted(store.name()));
        }
        return new Destination(destination.computeResource(), hosts, destination.neighbours(),
                destination.pool(), destination.folder(), destination.networks());
    }
}
