package org.vmfinalize.server.instantvm;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.datastore.RefusedDisks;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.datastore.FolderOwners;
import org.vmfinalize.server.vcenter.VCenterWatch;

/// Which machines run from a backup, and which of them are being finalized. Answers from memory.
///
/// **Threads:** any number.
@Component
public class InstantVms implements FolderOwners {

    private final InstantVmStore store;
    private final Datastores datastores;
    private final VCenterWatch watch;
    private final Map<String, InstantVm> byVmId = new ConcurrentHashMap<>();
    private final Map<String, String> finalizations = new ConcurrentHashMap<>();
    private final Set<String> discarding = ConcurrentHashMap.newKeySet();

    InstantVms(InstantVmStore store, Datastores datastores, VCenterWatch watch) {
        this.store = store;
        this.datastores = datastores;
        this.watch = watch;
        store.running().forEach(this::add);
    }

    public List<InstantVm> all() {
        return List.copyOf(byVmId.values());
    }

    public Optional<InstantVm> find(String vmId) {
        return Optional.ofNullable(byVmId.get(vmId));
    }

    /// Why its disks are not served and what to do, if what is stored about them is damaged.
    public Optional<String> damage(InstantVm vm) {
        return datastores.find(vm.datastore()).stream().flatMap(datastore -> datastore.refused().stream())
                .filter(refused -> refused.vmFolder().filter(vm.folder()::equals).isPresent())
                .map(RefusedDisks::reason).findFirst();
    }

    /// Its live disks; empty once they are all sealed, and while they are not served, see [#damage].
    public Optional<InstantDisks> disks(InstantVm vm) {
        return datastores.find(vm.datastore()).flatMap(datastore -> datastore.instantDisks(vm.folder()));
    }

    final void add(InstantVm vm) {
        byVmId.put(vm.vmId(), vm);
        watch.follow(vm.ref());
    }

    /// Notes that vCenter knows the machine by another id, since it was registered anew.
    public void registeredAnew(InstantVm vm, String vmId) {
        store.setVmId(vm.id(), vmId, InstantVm.Step.RUNNING);
        byVmId.remove(vm.vmId());
        watch.leave(vm.ref());
        add(vm.withVmId(vmId));
    }

    /// The folders that machines of a datastore have or are about to have.
    public Set<String> foldersInUse(String datastore) {
        return Stream.concat(byVmId.values().stream(), store.halfMade().stream())
                .filter(vm -> vm.datastore().equals(datastore)).map(InstantVm::folder)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<Owner> of(String datastore, String folder) {
        return byVmId.values().stream()
                .filter(vm -> vm.datastore().equals(datastore) && vm.folder().equals(folder))
                .map(vm -> new Owner(vm.vmId(), vm.createdBy())).findFirst();
    }

    /// Notes that the machine was renamed, by us or by others.
    public void renamed(InstantVm vm, String name) {
        store.setName(vm.id(), name);
        byVmId.computeIfPresent(vm.vmId(), (_, old) -> old.named(name));
    }

    /// Notes that the machine is a regular one now, or that there is none any more.
    public void forget(String vmId) {
        var vm = byVmId.remove(vmId);
        discarding.remove(vmId);
        if (vm != null) {
            watch.leave(vm.ref());
            store.delete(vm.id());
        }
    }

    /// Notes that the machine is being thrown away, or not any more.
    ///
    /// Whoever finalizes or discards notes that first and looks afterwards whether another one has done the other: so of
    /// two that come at the same time at most one goes on.
    public void setDiscarding(String vmId, boolean now) {
        if (now) {
            discarding.add(vmId);
        } else {
            discarding.remove(vmId);
        }
    }

    /// Whether the machine is being thrown away.
    public boolean isDiscarding(String vmId) {
        return discarding.contains(vmId);
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
