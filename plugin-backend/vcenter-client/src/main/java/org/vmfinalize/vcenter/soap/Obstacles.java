package org.vmfinalize.vcenter.soap;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.UnmountObstacles;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;
import org.vmfinalize.vcenter.soap.vim.Storage;

/// Looks for what keeps a host from letting go of a datastore.
record Obstacles(Session session, Properties properties) {

    UnmountObstacles of(MoRef host, MoRef datastore) {
        var store = properties.of(datastore, "vm", "iormConfiguration", "parent");
        boolean controlled = store.get("iormConfiguration") instanceof Storage.IoControl control
                && Boolean.TRUE.equals(control.enabled);
        return new UnmountObstacles(machines(store.get("vm"), host), isHeartbeat(host, datastore), controlled,
                storageDrs(Texts.reference(store.get("parent"))));
    }

    private List<String> machines(@Nullable Object vms, MoRef host) {
        return vms instanceof Collector.ArrayOfReferences found
                ? found.items.stream().map(ManagedObjectReference::toMoRef)
                        .map(vm -> properties.of(vm, "name", "runtime.host"))
                        .filter(vm -> Texts.reference(vm.get("runtime.host")).equals(Optional.of(host)))
                        .map(vm -> Texts.shownName(vm.text("name"))).toList()
                : List.of();
    }

    private Optional<String> storageDrs(Optional<MoRef> parent) {
        return parent.filter(folder -> folder.type().equals("StoragePod"))
                .map(pod -> properties.of(pod, "name",
                        "podStorageDrsEntry.storageDrsConfig.podConfig.enabled"))
                .filter(pod -> Boolean.TRUE
                        .equals(pod.get("podStorageDrsEntry.storageDrsConfig.podConfig.enabled")))
                .map(pod -> Texts.shownName(pod.text("name")));
    }

    /// A cluster without HA, and a server that does not know the call, have no heartbeats.
    private boolean isHeartbeat(MoRef host, MoRef datastore) {
        var cluster = Texts.reference(properties.of(host, "parent").get("parent"))
                .filter(parent -> parent.type().equals("ClusterComputeResource"));
        if (cluster.isEmpty()) {
            return false;
        }
        var call = Call.of("RetrieveDasAdvancedRuntimeInfo", cluster.get());
        try {
            return session.reading(() -> session.send(call, Storage.DasRuntimeInfo.class)).stream()
                    .flatMap(info -> info.heartbeatDatastoreInfo.stream())
                    .anyMatch(info -> info.datastore != null && info.datastore.toMoRef().equals(datastore));
        } catch (VCenterFault e) {
            if (e.is(VCenterFault.NOT_AUTHENTICATED)) {
                throw e;
            }
            return false;
        }
    }
}
