package org.vmfinalize.lab.vcenter;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// What is there from the start: a data centre with a cluster of two hosts, a local datastore and a few ordinary machines.
record Seeds(Ref rootFolder, Ref datacenter, Ref vmFolder, Ref pool, Ref host) {

    private static final Ref ROOT = new Ref("Folder", "group-d1");
    private static final Ref DATACENTER = new Ref("Datacenter", "datacenter-2");
    private static final Ref VMS = new Ref("Folder", "group-v3");
    private static final Ref HOSTS = new Ref("Folder", "group-h4");
    private static final Ref STORES = new Ref("Folder", "group-s5");
    private static final Ref CLUSTER = new Ref("ClusterComputeResource", "domain-c6");
    private static final Ref POOL = new Ref("ResourcePool", "resgroup-7");
    private static final Ref HOST = new Ref("HostSystem", "host-8");
    private static final Ref SECOND_HOST = new Ref("HostSystem", "host-19");
    private static final Ref LOCAL = new Ref("Datastore", "datastore-9");
    private static final Ref NETWORKS = new Ref("Folder", "group-n14");
    private static final Ref NETWORK = new Ref("Network", "network-15");
    private static final Ref PORTGROUP = new Ref("DistributedVirtualPortgroup", "dvportgroup-16");
    private static final Ref SWITCH = new Ref("VmwareDistributedVirtualSwitch", "dvs-17");
    private static final Ref BROWSER = new Ref("EnvironmentBrowser", "envbrowser-6");
    private static final Ref RESTORED = new Ref("Folder", "group-v18");
    /// Every host is this machine.
    private static final Value ADAPTERS = new Value.Many("HostVirtualNic",
            List.of(Value.data("HostVirtualNic", "device", "vmk0", "key", "key-vim.host.VirtualNic-vmk0",
                    "portgroup", "Management Network", "spec",
                    Value.data("HostVirtualNicSpec", "ip", Value.data("HostIpConfig", "dhcp", false,
                            "ipAddress", "127.0.0.1", "subnetMask", "255.0.0.0")))));
    private static final String SWITCH_UUID = "50 1e 4c 81 6f 0a 11 22-9b 5e 3d 0c 77 10 aa 01";

    static Seeds plant(World world) {
        world.add(ManagedObject.of(ROOT, () -> folder(world, ROOT, "Datacenters", null)));
        world.add(ManagedObject.of(DATACENTER,
                () -> Value.data("Datacenter", "name", "Lab", "parent", ROOT, "vmFolder", VMS,
                        "hostFolder", HOSTS, "datastoreFolder", STORES, "networkFolder", NETWORKS)));
        world.add(ManagedObject.of(VMS, () -> folder(world, VMS, "vm", DATACENTER)));
        world.add(ManagedObject.of(HOSTS, () -> folder(world, HOSTS, "host", DATACENTER)));
        world.add(ManagedObject.of(STORES, () -> folder(world, STORES, "datastore", DATACENTER)));
        world.add(ManagedObject.of(RESTORED, () -> folder(world, RESTORED, "Restored", VMS)));
        world.add(ManagedObject.of(NETWORKS, () -> folder(world, NETWORKS, "network", DATACENTER)));
        world.add(ManagedObject.of(NETWORK, () -> Value.data("Network", "name", "VM Network", "parent",
                NETWORKS, "host", Value.refs(hosts(world)))));
        world.add(ManagedObject.of(SWITCH, () -> Value.data("VmwareDistributedVirtualSwitch", "name",
                "Switch", "parent", NETWORKS, "uuid", SWITCH_UUID)));
        world.add(ManagedObject.of(PORTGROUP,
                () -> Value.data("DistributedVirtualPortgroup", "name", "Production", "parent", NETWORKS,
                        "key", PORTGROUP.id(), "host", Value.refs(hosts(world)), "config",
                        Value.data("DVPortgroupConfigInfo", "distributedVirtualSwitch", SWITCH))));
        world.add(ManagedObject.of(BROWSER, () -> Value.data("EnvironmentBrowser")));
        world.add(ManagedObject.of(CLUSTER,
                () -> Value.data("ClusterComputeResource", "name", "Cluster", "parent", HOSTS,
                        "resourcePool", POOL, "environmentBrowser", BROWSER, "host",
                        Value.refs(hosts(world)))));
        world.add(ManagedObject.of(POOL,
                () -> Value.data("ResourcePool", "name", "Resources", "parent", CLUSTER, "owner", CLUSTER)));
        host(world, HOST, "esx-01");
        host(world, SECOND_HOST, "esx-02");
        world.add(new Store(world, LOCAL, STORES, "local-01", "", "")).hosts().add(HOST);
        machine(world, "vm-11", "web-01", true);
        machine(world, "vm-12", "db-01", true);
        machine(world, "vm-13", "files-01", false);
        return new Seeds(ROOT, DATACENTER, VMS, POOL, HOST);
    }

    static List<Ref> hosts(World world) {
        return world.below(CLUSTER, List.of(HOST.type()));
    }

    /// A host that comes into the cluster.
    static Ref plantHost(World world, String name) {
        return host(world, world.newRef(HOST.type(), "host"), name);
    }

    /// Machines of which nothing but their number matters.
    static void plantMore(World world, int count) {
        for (int i = 1; i <= count; i++) {
            machine(world, world.newRef("VirtualMachine", "vm").id(), "bulk-%05d".formatted(i), i % 2 == 0);
        }
    }

    /// The folder in which new datastores appear.
    static Ref storeFolder() {
        return STORES;
    }

    private static Data folder(World world, Ref ref, String name, @Nullable Ref parent) {
        List<Ref> children = switch (ref.id()) {
            case "group-d1" -> List.of(DATACENTER);
            case "group-v3", "group-v18" -> world.all(Machine.class).stream()
                    .filter(machine -> machine.folder().equals(ref)).map(Machine::ref).toList();
            case "group-h4" -> List.of(CLUSTER);
            case "group-n14" -> List.of(NETWORK, PORTGROUP, SWITCH);
            default -> world.all(Store.class).stream().map(Store::ref).toList();
        };
        List<String> types = switch (ref.id()) {
            case "group-d1" -> List.of("Folder", "Datacenter");
            case "group-v3", "group-v18" -> List.of("Folder", "VirtualMachine", "VirtualApp");
            case "group-h4" -> List.of("Folder", "ComputeResource");
            case "group-n14" -> List.of("Folder", "Network", "DistributedVirtualSwitch");
            default -> List.of("Folder", "Datastore");
        };
        return Value.data("Folder", "name", name, "parent", parent, "childType",
                new Value.Many("string", types.stream().<Value>map(Value::text).toList()), "childEntity",
                Value.refs(children));
    }

    /// Whether machines can be put there.
    static boolean isVmFolder(Ref folder) {
        return folder.equals(VMS) || folder.equals(RESTORED);
    }

    /// Whether a network card can be plugged in there.
    static boolean isNetwork(Data backing) {
        return backing.get("port") instanceof Data port
                ? port.text("switchUuid").equals(SWITCH_UUID)
                        && port.text("portgroupKey").equals(PORTGROUP.id())
                : NETWORK.equals(backing.get("network"));
    }

    private static Ref host(World world, Ref host, String name) {
        var storeSystem = new Ref("HostDatastoreSystem", host.id().replaceFirst("host", "datastoreSystem"));
        world.add(ManagedObject.of(host, () -> host(name, storeSystem, mounted(world, host))));
        world.add(ManagedObject.of(storeSystem, () -> Value.data("HostDatastoreSystem", "datastore",
                Value.refs(mounted(world, host)))));
        return host;
    }

    /// Which host's datastores it is that are looked after.
    static Ref hostOf(Ref datastoreSystem) {
        return new Ref(HOST.type(), datastoreSystem.id().replaceFirst("datastoreSystem", "host"));
    }

    private static Data host(String name, Ref storeSystem, List<Ref> mounted) {
        return Value.data("HostSystem", "name", name, "parent", CLUSTER, "runtime",
                Value.data("HostRuntimeInfo", "connectionState",
                        Value.word("HostSystemConnectionState", "connected"), "inMaintenanceMode", false,
                        "powerState", Value.word("HostSystemPowerState", "poweredOn")),
                "config",
                Value.data("HostConfigInfo", "network", Value.data("HostNetworkInfo", "vnic", ADAPTERS)),
                "configManager", Value.data("HostConfigManager", "datastoreSystem", storeSystem),
                "datastore",
                Value.refs(mounted));
    }

    private static List<Ref> mounted(World world, Ref host) {
        return world.all(Store.class).stream().filter(store -> store.hosts().contains(host)).map(Store::ref)
                .toList();
    }

    private static void machine(World world, String id, String name, boolean poweredOn) {
        var machine = world
                .add(new Machine(new Ref("VirtualMachine", id), VMS, HOST, name,
                        new Machine.Config("otherLinux64Guest", 1, 1024, Map.of(), List.of()),
                        "[local-01] %1$s/%1$s.vmx".formatted(name), List.of(LOCAL)));
        machine.poweredOn = poweredOn;
    }
}
