package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// A datastore of the lab. Guarded by the lock of its [World].
final class Store implements ManagedObject {

    private static final long CAPACITY = 2L << 40;

    private final World world;
    private final Ref ref;
    private final Ref parent;
    private final String name;
    private final String remoteHost;
    private final String remotePath;
    private final List<Ref> hosts = new ArrayList<>();

    /// @param remoteHost empty for a local one
    Store(World world, Ref ref, Ref parent, String name, String remoteHost, String remotePath) {
        this.world = world;
        this.ref = ref;
        this.parent = parent;
        this.name = name;
        this.remoteHost = remoteHost;
        this.remotePath = remotePath;
    }

    @Override
    public Ref ref() {
        return ref;
    }

    @Override
    public List<String> optionalProperties() {
        return List.of("iormConfiguration");
    }

    String name() {
        return name;
    }

    boolean isExport(String host, String path) {
        return !remoteHost.isEmpty() && remoteHost.equals(host) && remotePath.equals(path);
    }

    List<Ref> hosts() {
        return hosts;
    }

    /// The lab's vCenter looks at no server: what it says of space is what vcsim says, that there is plenty.
    @Override
    public Data properties() {
        boolean nfs = !remoteHost.isEmpty();
        String type = nfs ? "NFS" : "VMFS";
        String url = "ds:///vmfs/volumes/" + ref.id() + "/";
        var info = nfs
                ? Value.data("NasDatastoreInfo", "name", name, "url", url, "freeSpace", CAPACITY, "nas",
                        Value.data("HostNasVolume", "type", type, "name", name, "capacity", CAPACITY,
                                "remoteHost",
                                remoteHost, "remotePath", remotePath))
                : Value.data("VmfsDatastoreInfo", "name", name, "url", url, "freeSpace", CAPACITY);
        var mounts = hosts.stream().<Value>map(host -> Value.data("DatastoreHostMount", "key", host,
                "mountInfo",
                Value.data("HostMountInfo", "accessMode", "readWrite", "mounted", true, "accessible", true)))
                .toList();
        var machines = world.all(Machine.class).stream().filter(machine -> machine.uses(ref))
                .map(Machine::ref).toList();
        return Value.data("Datastore", "name", name, "parent", parent, "info", info,
                "summary",
                Value.data("DatastoreSummary", "datastore", ref, "name", name, "url", url, "capacity",
                        CAPACITY,
                        "freeSpace", CAPACITY, "accessible", !hosts.isEmpty(), "type", type,
                        "maintenanceMode", "normal"),
                "host", new Many("DatastoreHostMount", mounts), "vm", Value.refs(machines));
    }
}
