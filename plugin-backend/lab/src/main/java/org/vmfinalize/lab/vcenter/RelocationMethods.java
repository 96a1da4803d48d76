package org.vmfinalize.lab.vcenter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.HostStorage.DiskMove;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.vcenter.DatastorePath;

/// Moving machines to another datastore. The bytes are the host's matter.
///
/// **Threads:** a virtual thread per move, `lab-relocation`, which waits for the host; closing stops them.
final class RelocationMethods implements AutoCloseable {

    static final Ref CHECKER = new Ref("VirtualMachineProvisioningChecker", "ProvChecker");

    private final World world;
    private final Tasks tasks;
    private final ExecutorService movers = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("lab-relocation").factory());
    private final AtomicReference<@Nullable HostStorage> host = new AtomicReference<>();

    RelocationMethods(World world, Tasks tasks) {
        this.world = world;
        this.tasks = tasks;
    }

    void host(HostStorage storage) {
        host.set(storage);
    }

    void addTo(Methods methods) {
        methods.add("CheckRelocate_Task", CHECKER.type(), Methods.ANY_USER, this::check);
        methods.add("RelocateVM_Task", "VirtualMachine", "Resource.HotMigrate", this::relocate);
    }

    private List<Ref> check(Invocation in) {
        var machine = world.get(in.request().ref("vm"), Machine.class);
        var spec = in.request().data("spec");
        return List.of(tasks.start("CheckRelocate", "VirtualMachineProvisioningChecker.checkRelocate",
                machine.ref(), in.user(), () -> {
                    var errors = new ArrayList<Value>();
                    try {
                        var _ = target(machine, spec);
                    } catch (LabFault fault) {
                        errors.add(fault.localized());
                    }
                    return new Many("CheckResult", List.of(Value.data("CheckResult", "vm", machine.ref(),
                            "error", errors.isEmpty() ? null : new Many("LocalizedMethodFault", errors))));
                }, () -> {
                }));
    }

    /// @throws LabFault if the machine cannot go there
    private Store target(Machine machine, Data spec) {
        if (!(spec.get("datastore") instanceof Ref wanted)) {
            throw LabFault.invalidArgument("spec.datastore");
        }
        var store = world.get(wanted, Store.class);
        if (!store.hosts().contains(machine.host())) {
            throw new LabFault("InvalidDatastore", "Datastore '%s' is not accessible on the host."
                    .formatted(store.name()), "name", store.name());
        }
        return store;
    }

    private List<Ref> relocate(Invocation in) {
        var machine = world.get(in.self(), Machine.class);
        var spec = in.request().data("spec");
        var store = target(machine, spec);
        Methods.require(in, store.ref(), "Datastore.AllocateSpace");
        var storage = host.get();
        if (storage == null) {
            throw new LabFault("NotSupported", "The lab has no host that moves machines.");
        }
        var task = tasks.add("RelocateVM", "VirtualMachine.relocate", machine.ref(), in.user(), true);
        machine.recentTasks.add(task.ref());
        var moves = machine.disks().stream().map(disk -> move(disk, spec, store)).toList();
        task.run();
        movers.execute(() -> carryOut(task, machine, store, moves, storage));
        return List.of(task.ref());
    }

    private static DiskMove move(Data disk, Data spec, Store store) {
        var backing = (Data) disk.all("backing").getFirst();
        var from = DatastorePath.parse(backing.text("fileName"));
        var form = spec.allData("disk").stream()
                .filter(locator -> locator.text("diskId").equals(disk.text("key")))
                .flatMap(locator -> locator.allData("diskBackingInfo").stream()).findFirst().orElse(backing);
        return new DiskMove(from, new DatastorePath(store.name(), from.path()),
                Long.parseLong(disk.text("capacityInBytes")), form.text("thinProvisioned").equals("true"));
    }

    private void carryOut(LabTask task, Machine machine, Store store, List<DiskMove> moves,
            HostStorage storage) {
        try {
            boolean done = storage.move(moves, percent -> world.locked(() -> {
                task.progress(percent);
                world.notifyChanged();
            }), () -> world.locked(task::isCancelAsked));
            end(() -> {
                if (done) {
                    machine.moved(store, moves);
                    task.succeed(null);
                } else {
                    task.fail(
                            new LabFault("RequestCanceled", "The task was canceled by a user.").localized());
                }
            });
        } catch (IOException e) {
            end(() -> task.fail(new LabFault("FileFault",
                    "A file could not be moved: %s".formatted(e.getMessage())).localized()));
        }
    }

    private void end(Runnable last) {
        world.locked(() -> {
            last.run();
            world.notifyChanged();
        });
    }

    @Override
    public void close() {
        movers.shutdownNow();
    }
}
