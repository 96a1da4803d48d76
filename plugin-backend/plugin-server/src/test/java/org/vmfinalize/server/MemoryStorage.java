package org.vmfinalize.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.RelocationCheck;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.UnmountObstacles;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualDisk;
import org.vmfinalize.vcenter.VirtualMachineSpec;

/// The datastores that are not ours, and the moves between datastores: each goes as far as the test lets it.
///
/// **Threads:** any number.
final class MemoryStorage {

    static final Datastore SAN = store("datastore-7", "san", 1L << 40);

    final List<Datastore> others = new CopyOnWriteArrayList<>(List.of(SAN));
    final List<Move> moves = new CopyOnWriteArrayList<>();
    volatile UnmountObstacles obstacles = UnmountObstacles.NONE;
    volatile RelocationCheck check = RelocationCheck.NOTHING;

    /// Whether moves need no time.
    volatile boolean atOnce;

    final List<String> destroyed = new CopyOnWriteArrayList<>();
    private final List<String> promoted = new CopyOnWriteArrayList<>();
    private final Map<String, String> placeOf = new ConcurrentHashMap<>();

    static Datastore store(String id, String name, long freeBytes) {
        return new Datastore(new MoRef("Datastore", id), name, "VMFS", 1L << 40, freeBytes, true,
                Optional.empty(), List.of(new MoRef("HostSystem", "host-1")), List.of());
    }

    /// One relocation and its task.
    final class Move {

        final MoRef task;
        final MoRef vm;
        /// None: its disks are made independent where they are.
        final @Nullable Relocation relocation;
        volatile int percent;
        volatile boolean over;
        volatile boolean cancelAsked;
        volatile boolean forgotten;
        private volatile @Nullable VCenterFault failure;

        private Move(MoRef task, MoRef vm, @Nullable Relocation relocation) {
            this.task = task;
            this.vm = vm;
            this.relocation = relocation;
        }

        void succeed() {
            arrive();
            over = true;
        }

        /// The disks are there, and the task does not say it yet.
        void arrive() {
            if (relocation == null) {
                promoted.add(vm.value());
                return;
            }
            placeOf.put(vm.value(), others.stream()
                    .filter(store -> store.ref().equals(relocation.datastore())).findFirst().orElseThrow()
                    .name());
        }

        void fail(String type, String text) {
            failure = new VCenterFault("RelocateVM_Task", type, text, "");
            over = true;
        }

        private TaskStatus status() {
            if (forgotten) {
                throw MemoryVCenter.fault("info", VCenterFault.MANAGED_OBJECT_NOT_FOUND);
            }
            var state = !over
                    ? TaskStatus.State.UNDER_WAY
                    : failure == null ? TaskStatus.State.SUCCEEDED : TaskStatus.State.FAILED;
            return new TaskStatus(state, percent, cancelAsked, Optional.ofNullable(failure));
        }
    }

    MoRef begin(MoRef vm, @Nullable Relocation relocation, MoRef task) {
        var move = new Move(task, vm, relocation);
        moves.add(move);
        if (atOnce) {
            move.succeed();
        }
        return task;
    }

    /// The newest move of a machine.
    Move moveOf(String vmId) {
        return moves.stream().filter(move -> move.vm.value().equals(vmId)).reduce((_, last) -> last)
                .orElseThrow();
    }

    private Move find(MoRef task) {
        return moves.stream().filter(move -> move.task.equals(task)).findFirst()
                .orElseThrow(() -> MemoryVCenter.fault("Task", VCenterFault.MANAGED_OBJECT_NOT_FOUND));
    }

    TaskStatus status(MoRef task) {
        return find(task).status();
    }

    void cancel(MoRef task) {
        var move = find(task);
        move.cancelAsked = true;
        if (!move.over) {
            move.fail(VCenterFault.REQUEST_CANCELED, "The task was canceled by a user.");
        }
    }

    Optional<MoRef> underWay(MoRef vm, boolean promotion) {
        return moves.stream()
                .filter(move -> (move.relocation == null) == promotion && move.vm.equals(vm) && !move.over
                        && !move.forgotten)
                .map(move -> move.task).findFirst();
    }

    /// Where they were made, or where they were moved to.
    List<VirtualDisk> disks(MoRef vm, VirtualMachineSpec spec) {
        var disks = new ArrayList<VirtualDisk>();
        for (var disk : spec.hardware().disks()) {
            var made = disk.changes().map(store -> new DatastorePath(store, spec.name() + "/child.vmdk"))
                    .orElse(disk.descriptor());
            var now = new DatastorePath(placeOf.getOrDefault(vm.value(), made.datastore()), made.path());
            var parent = disk.changes().isPresent() && !promoted.contains(vm.value())
                    ? disk.descriptor().toString()
                    : "";
            disks.add(new VirtualDisk(2000 + disks.size(), "Hard disk " + (disks.size() + 1),
                    now.toString(), disk.capacityBytes(), parent));
        }
        return disks;
    }
}
