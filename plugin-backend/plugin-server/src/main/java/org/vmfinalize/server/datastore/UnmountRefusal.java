package org.vmfinalize.server.datastore;

import java.util.ArrayList;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.vcenter.UnmountObstacles;

/// Says what keeps a host from letting go of a datastore, and what to do about it, before it is tried.
final class UnmountRefusal {

    private UnmountRefusal() {}

    /// @throws Problem DATASTORE_IN_USE that names all
    static void refuse(String datastore, String host, UnmountObstacles found) {
        var reasons = new ArrayList<String>();
        if (!found.machines().isEmpty()) {
            reasons.add("machines have files open there: %s; move or discard them".formatted(
                    String.join(", ", found.machines().stream().limit(5).toList())));
        }
        if (found.heartbeat()) {
            reasons.add(
                    "vSphere HA takes its heartbeats from it; choose other heartbeat datastores for the cluster");
        }
        if (found.storageIoControl()) {
            reasons.add("Storage I/O Control is enabled on it; disable it");
        }
        found.storageDrs().ifPresent(cluster -> reasons.add(
                "Storage DRS runs its datastore cluster '%s'; take it out of that".formatted(cluster)));
        if (!reasons.isEmpty()) {
            throw new Problem(ProblemType.DATASTORE_IN_USE, "datastore '%s': host %s cannot let go of it: %s"
                    .formatted(datastore, host, String.join("; ", reasons)));
        }
    }
}
