package org.vmfinalize.lab.vcenter;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.lab.vcenter.Value.Scalar;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.VirtualMachine;

/// Virtual machines.
final class MachineMethods {

    /// Those of ESXi 8.0.
    private static final List<String> VERSIONS = List.of("vmx-13", "vmx-14", "vmx-15", "vmx-16", "vmx-17",
            "vmx-18", "vmx-19", "vmx-20");

    private final World world;
    private final Tasks tasks;
    private final Seeds seeds;
    private final RelocationMethods relocations;
    private final Consumer<VirtualMachine> powerChanged;

    /// @param powerChanged called without the lock after a machine was started or stopped
    MachineMethods(World world, Tasks tasks, Seeds seeds, RelocationMethods relocations,
            Consumer<VirtualMachine> powerChanged) {
        this.relocations = relocations;
        this.world = world;
        this.tasks = tasks;
        this.seeds = seeds;
        this.powerChanged = powerChanged;
    }

    void addTo(Methods methods) {
        methods.add("Rename_Task", "VirtualMachine", "VirtualMachine.Config.Rename", in -> task(in, "Rename",
                "VirtualMachine.rename", () -> rename(machine(in), in.request().text("newName"))));
        methods.add("ReconfigVM_Task", "VirtualMachine", "VirtualMachine.Config.ManagedBy",
                in -> task(in, "ReconfigVm",
                        "VirtualMachine.reconfigure",
                        () -> reconfigure(machine(in), in.request().data("spec"))));
        methods.add("PowerOnVM_Task", "VirtualMachine", "VirtualMachine.Interact.PowerOn",
                in -> power(in, true));
        methods.add("PowerOffVM_Task", "VirtualMachine", "VirtualMachine.Interact.PowerOff",
                in -> power(in, false));
        methods.add("CreateVM_Task", "Folder", "VirtualMachine.Inventory.Create",
                in -> task(in, "CreateVm",
                        "Folder.createVm", () -> create(in)));
        methods.add("QueryConfigOptionDescriptor", "EnvironmentBrowser", Methods.ANY_USER,
                in -> VERSIONS.stream()
                        .map(version -> Value.data("VirtualMachineConfigOptionDescriptor", "key", version,
                                "description", version, "host", Value.refs(Seeds.hosts(world)),
                                "createSupported", true))
                        .toList());
        methods.add("Destroy_Task", "VirtualMachine", "VirtualMachine.Inventory.Delete",
                in -> task(in, "Destroy", "VirtualMachine.destroy", () -> {
                    var machine = machine(in);
                    requirePower(machine, false);
                    relocations.deleteChildren(machine);
                    world.remove(machine.ref());
                    return null;
                }));
        methods.add("UnregisterVM", "VirtualMachine", "VirtualMachine.Inventory.Unregister", in -> {
            var machine = machine(in);
            requirePower(machine, false);
            world.remove(machine.ref());
            return List.of();
        });
    }

    private List<Ref> task(Invocation in, String name, String description, Supplier<@Nullable Value> work) {
        world.get(in.self());
        return List.of(tasks.start(name, description, in.self(), in.user(), work, () -> {
        }));
    }

    private Machine machine(Invocation in) {
        return world.get(in.self(), Machine.class);
    }

    private @Nullable Value rename(Machine machine, String newName) {
        String name = EntityName.kept(newName, machine.ref());
        requireFree(name, machine.folder(), machine.ref());
        machine.name = name;
        machine.changed();
        return null;
    }

    /// A name is one machine's in its folder.
    private void requireFree(String name, Ref folder, Ref except) {
        for (var other : world.all(Machine.class)) {
            if (other.name.equals(name) && other.folder().equals(folder) && !other.ref().equals(except)) {
                throw new LabFault("DuplicateName",
                        "The name '%s' already exists.".formatted(EntityName.shown(name)),
                        "name", name, "object", other.ref());
            }
        }
    }

    private static @Nullable Value reconfigure(Machine machine, Data spec) {
        for (String property : spec.fields().keySet()) {
            if (!property.equals("managedBy")) {
                throw new LabFault("NotSupported",
                        "The lab changes nothing but managedBy, not " + property + ".");
            }
        }
        if (spec.get("managedBy") instanceof Data info) {
            machine.managedBy = managedBy(info);
            machine.changed();
        }
        return null;
    }

    /// Both texts empty: nobody.
    private static @Nullable ManagedBy managedBy(Data info) {
        String key = info.text("extensionKey");
        String type = info.text("type");
        if (info.get("extensionKey") == null || info.get("type") == null || key.isEmpty() != type.isEmpty()) {
            throw LabFault.invalidArgument("managedBy");
        }
        return key.isEmpty() ? null : new ManagedBy(key, type);
    }

    private List<Ref> power(Invocation in, boolean on) {
        var machine = machine(in);
        return List.of(tasks.start(on ? "PowerOnVM" : "PowerOffVM",
                on ? "VirtualMachine.powerOn" : "VirtualMachine.powerOff", in.self(), in.user(), () -> {
                    requirePower(machine, !on);
                    machine.poweredOn = on;
                    machine.tools = null;
                    return null;
                }, () -> powerChanged.accept(world.locked(machine::view))));
    }

    private static void requirePower(Machine machine, boolean on) {
        if (machine.poweredOn != on) {
            throw new LabFault("InvalidPowerState",
                    "The attempted operation cannot be performed in the current state (%s)."
                            .formatted(machine.poweredOn ? "Powered on" : "Powered off"),
                    "requestedState", on ? "poweredOn" : "poweredOff", "existingState",
                    machine.poweredOn ? "poweredOn" : "poweredOff");
        }
    }

    private Value create(Invocation in) {
        var pool = in.request().ref("pool");
        if (!Seeds.isVmFolder(in.self()) || !pool.equals(seeds.pool())) {
            throw LabFault.invalidArgument("pool");
        }
        Methods.require(in, pool, "Resource.AssignVMToPool");
        var host = in.request().optionalRef("host").orElse(seeds.host());
        world.get(host);
        var config = in.request().data("config");
        String name = EntityName.kept(config.text("name"), in.self());
        requireFree(name, in.self(), in.self());
        var devices = Devices.of(config.allData("deviceChange"));
        var home = config.get("files") instanceof Data files ? path(files.text("vmPathName")) : path("");
        var file = configurationFile(home, EntityName.shown(name));
        devices = relocations.withChildren(devices, DatastorePath.parse(file));
        var machine = world.add(new Machine(world.newRef("VirtualMachine", "vm"), in.self(), host, name,
                new Machine.Config(config.text("guestId"), number(config, "numCPUs"),
                        number(config, "memoryMB"), further(config), devices),
                file, stores(in, home, devices, host)));
        if (config.get("managedBy") instanceof Data info) {
            machine.managedBy = managedBy(info);
        }
        return machine.ref();
    }

    private List<Ref> stores(Invocation in, DatastorePath home, List<Data> devices, Ref host) {
        var stores = new LinkedHashSet<Ref>();
        stores.add(store(home, host));
        for (var device : devices) {
            if (!(device.get("backing") instanceof Data backing)) {
                continue;
            }
            if (Devices.isCard(device)) {
                if (!Seeds.isNetwork(backing)) {
                    throw new LabFault("InvalidDeviceBacking", "The network is not there.", "property",
                            "backing", "deviceIndex", 0);
                }
                Methods.require(in, in.self(), "Network.Assign");
            } else if (!backing.text("fileName").isEmpty()) {
                stores.add(store(path(backing.text("fileName")), host));
                Devices.parent(device).ifPresent(parent -> stores.add(store(parent, host)));
            }
        }
        return List.copyOf(stores);
    }

    private static Map<String, Value> further(Data config) {
        var further = new LinkedHashMap<>(config.fields());
        further.keySet().retainAll(List.of("version", "uuid", "instanceUuid", "numCoresPerSocket",
                "extraConfig", "bootOptions", "firmware"));
        return further;
    }

    private static DatastorePath path(String text) {
        try {
            return DatastorePath.parse(text);
        } catch (IllegalArgumentException e) {
            throw new LabFault("InvalidDatastorePath", "Invalid datastore path '%s'.".formatted(text),
                    "datastorePath",
                    text);
        }
    }

    private Ref store(DatastorePath path, Ref host) {
        return world.all(Store.class).stream()
                .filter(store -> store.name().equals(path.datastore()) && store.hosts().contains(host))
                .findFirst()
                .orElseThrow(() -> new LabFault("InvalidDatastore", "Datastore '%s' is not accessible."
                        .formatted(path.datastore()), "name", path.datastore()))
                .ref();
    }

    /// A folder may be given, or the file itself; the datastore's root stands for a folder of the machine's name.
    private static String configurationFile(DatastorePath home, String name) {
        if (home.path().endsWith(".vmx")) {
            return home.toString();
        }
        String folder = home.path().isEmpty() ? name : home.path().replaceAll("/+$", "");
        return new DatastorePath(home.datastore(), folder + "/" + name + ".vmx").toString();
    }

    private static int number(Data config, String property) {
        if (!(config.get(property) instanceof Scalar scalar) || !scalar.text().matches("[1-9]\\d{0,8}")) {
            throw LabFault.invalidArgument("config." + property);
        }
        return Integer.parseInt(scalar.text());
    }
}
