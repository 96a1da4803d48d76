package org.vmfinalize.lab.vcenter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.HostStorage.DiskMove;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.vcenter.DatastorePath;

/// Moving machines to another datastore, and children of disks. The bytes are the host's matter.
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
        methods.add("PromoteDisks_Task", "VirtualMachine", "VirtualMachine.Provisioning.PromoteDisks",
                this::promote);
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

    /// The devices with children that vCenter has named and the host has made.
    List<Data> withChildren(List<Data> devices, DatastorePath configurationFile) {
        var made = new ArrayList<Data>();
        int count = 0;
        for (var device : devices) {
            var parent = Devices.parent(device);
            if (parent.isEmpty()) {
                made.add(device);
                continue;
            }
            var file = new DatastorePath(configurationFile.datastore(), configurationFile.path()
                    .replaceFirst("\\.vmx$", count == 0 ? ".vmdk" : "_%d.vmdk".formatted(count)));
            count++;
            try {
                storage().createChild(file, parent.get());
            } catch (IOException e) {
                throw failed(e);
            }
            made.add(Devices.withBacking(device, Map.of("fileName", Value.text(file.toString())), true));
        }
        return List.copyOf(made);
    }

    void deleteChildren(Machine machine) {
        for (var disk : machine.disks()) {
            if (Devices.parent(disk).isPresent()) {
                try {
                    storage().delete(file(disk));
                } catch (IOException e) {
                    throw failed(e);
                }
            }
        }
    }

    private static DatastorePath file(Data disk) {
        return DatastorePath.parse(((Data) disk.all("backing").getFirst()).text("fileName"));
    }

    private HostStorage storage() {
        var storage = host.get();
        if (storage == null) {
            throw new LabFault("NotSupported", "The lab has no host that works on disks.");
        }
        return storage;
    }

    private static LabFault failed(IOException e) {
        return new LabFault("FileFault", "A file could not be worked on: %s".formatted(e.getMessage()));
    }

    private List<Ref> promote(Invocation in) {
        var machine = world.get(in.self(), Machine.class);
        var storage = storage();
        var children = machine.disks().stream().filter(disk -> Devices.parent(disk).isPresent())
                .map(RelocationMethods::file).toList();
        var home = DatastorePath.parse(machine.vmPathName()).datastore();
        var store = world.all(Store.class).stream().filter(known -> known.name().equals(home)).findFirst()
                .orElseThrow();
        var task = begin("PromoteDisks", "VirtualMachine.promoteDisks", machine, in);
        movers.execute(() -> carryOut(task, (percent, cancelled) -> {
            for (var child : children) {
                if (!storage.promote(child, percent, cancelled)) {
                    return false;
                }
            }
            return true;
        }, () -> machine.promoted(store.ref())));
        return List.of(task.ref());
    }

    private LabTask begin(String method, String description, Machine machine, Invocation in) {
        var task = tasks.add(method, description, machine.ref(), in.user().apiName(), true);
        machine.recentTasks.add(task.ref());
        task.run();
        return task;
    }

    private List<Ref> relocate(Invocation in) {
        var machine = world.get(in.self(), Machine.class);
        var spec = in.request().data("spec");
        var store = target(machine, spec);
        Methods.require(in, store.ref(), "Datastore.AllocateSpace");
        var storage = storage();
        var moves = machine.disks().stream().map(disk -> move(disk, spec, store)).toList();
        var task = begin("RelocateVM", "VirtualMachine.relocate", machine, in);
        movers.execute(() -> carryOut(task, (percent, cancelled) -> storage.move(moves, percent, cancelled),
                () -> machine.moved(store, moves)));
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

    private interface Work {
        boolean run(IntConsumer percent, BooleanSupplier cancelled) throws IOException;
    }

    private void carryOut(LabTask task, Work work, Runnable done) {
        try {
            boolean whole = work.run(percent -> world.locked(() -> {
                task.progress(percent);
                world.notifyChanged();
            }), () -> world.locked(task::isCancelAsked));
            end(() -> {
                if (whole) {
                    done.run();
                    task.succeed(null);
                } else {
                    task.fail(
                            new LabFault("RequestCanceled", "The task was canceled by a user.").localized());
                }
            });
        } catch (IOException e) {
            end(() -> task.fail(failed(e).localized()));
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
