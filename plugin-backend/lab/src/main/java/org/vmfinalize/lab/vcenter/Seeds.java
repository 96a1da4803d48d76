package org.vmfinalize.lab.vcenter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// What is there from the start: a data centre with a cluster of one host, a local datastore and a few ordinary machines.
record Seeds(Ref rootFolder, Ref datacenter, Ref vmFolder, Ref pool, Ref host, Ref datastoreSystem) {

    private static final Ref ROOT = new Ref("Folder", "group-d1");
    private static final Ref DATACENTER = new Ref("Datacenter", "datacenter-2");
    private static final Ref VMS = new Ref("Folder", "group-v3");
    private static final Ref HOSTS = new Ref("Folder", "group-h4");
    private static final Ref STORES = new Ref("Folder", "group-s5");
    private static final Ref CLUSTER = new Ref("ClusterComputeResource", "domain-c6");
    private static final Ref POOL = new Ref("ResourcePool", "resgroup-7");
    private static final Ref HOST = new Ref("HostSystem", "host-8");
    private static final Ref STORE_SYSTEM = new Ref("HostDatastoreSystem", "datastoreSystem-8");
    private static final Ref LOCAL = new Ref("Datastore", "datastore-9");

    static Seeds plant(World world) {
        world.add(ManagedObject.of(ROOT, () -> folder(world, ROOT, "Datacenters", null)));
        world.add(ManagedObject.of(DATACENTER,
                () -> Value.data("Datacenter", "name", "Lab", "parent", ROOT, "vmFolder", VMS,
                        "hostFolder", HOSTS, "datastoreFolder", STORES)));
        world.add(ManagedObject.of(VMS, () -> folder(world, VMS, "vm", DATACENTER)));
        world.add(ManagedObject.of(HOSTS, () -> folder(world, HOSTS, "host", DATACENTER)));
        world.add(ManagedObject.of(STORES, () -> folder(world, STORES, "datastore", DATACENTER)));
        world.add(ManagedObject.of(CLUSTER,
                () -> Value.data("ClusterComputeResource", "name", "Cluster", "parent", HOSTS,
                        "resourcePool", POOL, "host", Value.refs(List.of(HOST)))));
        world.add(ManagedObject.of(POOL,
                () -> Value.data("ResourcePool", "name", "Resources", "parent", CLUSTER)));
        world.add(ManagedObject.of(HOST, () -> host(world)));
        world.add(ManagedObject.of(STORE_SYSTEM, () -> Value.data("HostDatastoreSystem", "datastore",
                Value.refs(mounted(world)))));
        world.add(new Store(world, LOCAL, STORES, "local-01", "", "")).hosts().add(HOST);
        machine(world, "vm-11", "web-01", true);
        machine(world, "vm-12", "db-01", true);
        machine(world, "vm-13", "files-01", false);
        return new Seeds(ROOT, DATACENTER, VMS, POOL, HOST, STORE_SYSTEM);
    }

    /// The folder in which new datastores appear.
    static Ref storeFolder() {
        return STORES;
    }

    private static Data folder(World world, Ref ref, String name, @Nullable Ref parent) {
        List<Ref> children = switch (ref.id()) {
            case "group-d1" -> List.of(DATACENTER);
            case "group-v3" -> world.all(Machine.class).stream().map(Machine::ref).toList();
            case "group-h4" -> List.of(CLUSTER);
            default -> world.all(Store.class).stream().map(Store::ref).toList();
        };
        return Value.data("Folder", "name", name, "parent", parent, "childEntity", Value.refs(children));
    }

    private static Data host(World world) {
        return Value.data("HostSystem", "name", "esx-01", "parent", CLUSTER, "runtime",
                Value.data("HostRuntimeInfo", "connectionState",
                        Value.word("HostSystemConnectionState", "connected"),
                        "powerState", Value.word("HostSystemPowerState", "poweredOn")),
                "configManager", Value.data("HostConfigManager", "datastoreSystem", STORE_SYSTEM),
                "datastore",
                Value.refs(mounted(world)));
    }

    private static List<Ref> mounted(World world) {
        return world.all(Store.class).stream().filter(store -> store.hosts().contains(HOST)).map(Store::ref)
                .toList();
    }

    private static void machine(World world, String id, String name, boolean poweredOn) {
        var machine = world
                .add(new Machine(new Ref("VirtualMachine", id), VMS, HOST, name, "otherLinux64Guest", 1, 1024,
                        "[local-01] %1$s/%1$s.vmx".formatted(name), List.of(), List.of(LOCAL)));
        machine.poweredOn = poweredOn;
    }
}
