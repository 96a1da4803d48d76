package org.vmfinalize.server.finalization;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.plan.Objections;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Right;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.RelocationCheck;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;

/// Looks at everything that may speak against moving a machine to another datastore. Changes nothing.
@Component
class MoveAdmission {

    private static final long MIB = 1 << 20;

    /// Refuses what contradicts itself.
    ///
    /// @throws Problem BAD_REQUEST
    static void checkForm(FinalizationRequest request) {
        if (request.moveTo() == null || request.moveTo().isBlank()) {
            refuseWithoutTarget("moveInstead", Boolean.TRUE.equals(request.moveInstead()));
            refuseWithoutTarget("diskProvisioning", request.diskProvisioning() != null);
        }
    }

    private static void refuseWithoutTarget(String field, boolean given) {
        if (given) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "%s: must not be given without moveTo; name the datastore that the VM is moved to, or leave it out"
                            .formatted(field));
        }
    }

    /// Finds the datastore, and looks at it.
    Optional<Target> look(Caller caller, FinalizationRequest request, VirtualMachine vm, InstantVm instantVm,
            Provisioning provisioning, List<LiveDisk> disks, Objections objections) {
        var wanted = request.moveTo();
        if (wanted == null || wanted.isBlank()) {
            return Optional.empty();
        }
        var forms = objections.ask(() -> forms(request.diskProvisioning(), disks));
        var store = objections.ask(() -> find(caller, wanted.strip()));
        store.ifPresent(found -> objections.check(() -> refuseSame(found, instantVm)));
        if (store.isEmpty() || forms.isEmpty() || isSame(store.get(), instantVm)) {
            return Optional.empty();
        }
        var rights = rights(vm, store.get());
        rights.forEach(right -> objections.check(() -> caller.require(right)));
        objections.check(() -> requireReach(caller, vm, store.get()));
        var target = new Target(store.get(), Boolean.TRUE.equals(request.moveInstead()), provisioning,
                forms.get(), disks.size(), bytes(disks, provisioning, forms.get()), rights,
                check(caller, vm, store.get()));
        objections.check(target::requireRoom);
        objections.check(target::requireNoErrors);
        return Optional.of(target);
    }

    private static Map<String, Provisioning> forms(@Nullable Map<String, String> words,
            List<LiveDisk> disks) {
        var forms = new TreeMap<String, Provisioning>();
        var names = disks.stream().map(LiveDisk::name).collect(Collectors.toCollection(TreeSet::new));
        if (words != null) {
            words.forEach((name, word) -> {
                if (!names.contains(name)) {
                    throw new Problem(ProblemType.BAD_REQUEST,
                            "diskProvisioning: the VM has no disk '%s', only %s".formatted(
                                    name.length() > 80 ? name.substring(0, 80) : name,
                                    String.join(", ", names)));
                }
                forms.put(name, Admission.provisioning(word));
            });
        }
        return forms;
    }

    private static Datastore find(Caller caller, String wanted) {
        var all = caller.ask(session -> session.datastores());
        var byId = all.stream().filter(store -> store.ref().value().equals(wanted)).toList();
        var found = byId.isEmpty()
                ? all.stream().filter(store -> store.name().equals(wanted)).toList()
                : byId;
        if (found.size() > 1) {
            throw new Problem(ProblemType.AMBIGUOUS_NAME,
                    "moveTo '%s': %d datastores have that name; give the id, one of %s".formatted(wanted,
                            found.size(), String.join(", ",
                                    found.stream().map(store -> store.ref().value()).sorted().toList())));
        }
        if (found.isEmpty()) {
            throw new Problem(ProblemType.DATASTORE_NOT_FOUND,
                    "moveTo '%s': vCenter shows no such datastore to %s, only %s".formatted(
                            wanted.length() > 80 ? wanted.substring(0, 80) : wanted, caller.userName(),
                            all.isEmpty()
                                    ? "none at all"
                                    : String.join(", ",
                                            all.stream().map(Datastore::name).sorted().toList())));
        }
        return found.getFirst();
    }

    private static boolean isSame(Datastore store, InstantVm instantVm) {
        var changes = instantVm.changes();
        return store.name().equals(changes == null ? instantVm.datastore() : changes.name());
    }

    private static void refuseSame(Datastore store, InstantVm instantVm) {
        if (isSame(store, instantVm)) {
            throw new Problem(ProblemType.SAME_DATASTORE,
                    "moveTo '%s': it holds the VM's changes already, and vSphere does not move a VM onto its own datastore; name another one, or leave moveTo out"
                            .formatted(store.name()));
        }
    }

    /// What vSphere asks for a relocation.
    private static List<Right> rights(VirtualMachine vm, Datastore store) {
        return List.of(new Right(vm.ref(), "VM " + vm.name(),
                List.of(vm.powerState() == PowerState.POWERED_ON
                        ? "Resource.HotMigrate"
                        : "Resource.ColdMigrate")),
                new Right(store.ref(), "datastore " + store.name(), List.of("Datastore.AllocateSpace")));
    }

    private static void requireReach(Caller caller, VirtualMachine vm, Datastore store) {
        var host = caller.ask(session -> session.state(vm.ref())).host();
        if (!store.accessible() || !host.map(store.hosts()::contains).orElse(true)) {
            throw new Problem(ProblemType.DATASTORE_NOT_REACHABLE,
                    "moveTo '%s': the host that VM %s is on does not reach it; choose a datastore that it has, or move the VM to another host first"
                            .formatted(store.name(), vm.name()));
        }
    }

    /// Thin: what there is in the backup and of the guest's. Thick: everything.
    private static long bytes(List<LiveDisk> disks, Provisioning provisioning,
            Map<String, Provisioning> forms) {
        return disks.stream().mapToLong(disk -> {
            var counters = disk.counters();
            long stored = counters.toDoBytes()
                    + Math.max(0, counters.localBytes() - counters.zeroBytes());
            return forms.getOrDefault(disk.name(), provisioning) == Provisioning.THIN
                    ? Math.min(stored, counters.sizeBytes())
                    : counters.sizeBytes();
        }).sum();
    }

    /// In vSphere's own words: what snapshots, encryption and so on make of it.
    private static RelocationCheck check(Caller caller, VirtualMachine vm, Datastore store) {
        try {
            return caller.ask(
                    session -> session.checkRelocation(vm.ref(), new Relocation(store.ref(), List.of())));
        } catch (VCenterFault fault) {
            return new RelocationCheck(List.of(), List.of("vCenter did not check the move: " + fault.text()));
        }
    }

    /// Where it goes.
    ///
    /// @param bytes how much there is to be moved, about
    /// @param rights what the caller needs
    record Target(Datastore store, boolean instead, Provisioning provisioning,
            Map<String, Provisioning> forms,
            int disks, long bytes, List<Right> rights, RelocationCheck check) {

        void requireRoom() {
            if (bytes > store.freeBytes()) {
                throw new Problem(ProblemType.DATASTORE_FULL,
                        "moveTo '%s': the VM needs %d MiB there but %d MiB are free; make room or choose another datastore"
                                .formatted(store.name(), (bytes + MIB - 1) / MIB, store.freeBytes() / MIB))
                        .with("neededBytes", bytes).with("freeBytes", store.freeBytes());
            }
        }

        void requireNoErrors() {
            if (!check.errors().isEmpty()) {
                throw new Problem(ProblemType.MOVE_REFUSED, "moveTo '%s': vSphere refuses: %s"
                        .formatted(store.name(), String.join("; ", check.errors())));
            }
        }

        Move move() {
            return new Move(store.ref().value(), store.name(), instead, provisioning, forms, disks,
                    bytes,
                    VCenterStep.WAITING);
        }

        Plan.Move plan() {
            return new Plan.Move(store.ref().value(), store.name(), instead, bytes, store.freeBytes());
        }
    }
}
