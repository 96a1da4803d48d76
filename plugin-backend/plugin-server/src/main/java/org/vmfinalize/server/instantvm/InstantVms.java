package org.vmfinalize.server.instantvm;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.server.datastore.Datastores;

/// Which machines run from a backup, and which of them are being finalized. Answers from memory.
///
/// **Threads:** any number.
@Component
public class InstantVms {

    private static final Logger LOG = LoggerFactory.getLogger(InstantVms.class);

    private final InstantVmStore store;
    private final Datastores datastores;
    private final Map<String, InstantVm> byVmId = new ConcurrentHashMap<>();
    private final Map<String, String> finalizations = new ConcurrentHashMap<>();

    InstantVms(InstantVmStore store, Datastores datastores) {
        this.store = store;
        this.datastores = datastores;
        store.created().forEach(vm -> byVmId.put(vm.vmId(), vm));
        store.halfCreated()
                .forEach(folder -> LOG.warn(
                        "{}: the server was stopped while it made this instant VM; look in vCenter whether the VM is there, and delete it and the folder",
                        folder));
    }

    public List<InstantVm> all() {
        return List.copyOf(byVmId.values());
    }

    public Optional<InstantVm> find(String vmId) {
        return Optional.ofNullable(byVmId.get(vmId));
    }

    /// Its live disks; empty once they are all sealed.
    public Optional<InstantDisks> disks(InstantVm vm) {
        return datastores.find(vm.datastore()).flatMap(datastore -> datastore.instantDisks(vm.folder()));
    }

    void add(InstantVm vm) {
        byVmId.put(vm.vmId(), vm);
    }

    /// Notes that we renamed the machine.
    public void renamed(InstantVm vm, String name) {
        store.setName(vm.id(), name);
        byVmId.computeIfPresent(vm.vmId(), (_, old) -> old.named(name));
    }

    /// Notes that the machine is a regular one now.
    public void finalized(String vmId) {
        var vm = byVmId.remove(vmId);
        if (vm != null) {
            store.delete(vm.id());
        }
    }

    /// Notes that a job finalizes the machine, or that none does any more.
    public void setFinalization(String vmId, Optional<String> finalizationId) {
        finalizationId.ifPresentOrElse(id -> finalizations.put(vmId, id), () -> finalizations.remove(vmId));
    }

    /// The job that finalizes the machine now.
    public Optional<String> finalization(String vmId) {
        return Optional.ofNullable(finalizations.get(vmId));
    }
}
