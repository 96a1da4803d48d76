package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// A virtual machine of the lab. Guarded by the lock of its [World].
final class Machine implements ManagedObject {

    private final Ref ref;
    private final Ref folder;
    private final Ref host;
    private final String guestId;
    private final int cpus;
    private final long memoryMiB;
    private final String vmPathName;
    private final List<Data> devices;
    private final List<Ref> datastores;

    /// As the API keeps it: with `%`, `/` and `\` escaped.
    String name;
    boolean poweredOn;
    @Nullable
    ManagedBy managedBy;
    private int changes;

    Machine(Ref ref, Ref folder, Ref host, String name, String guestId, int cpus, long memoryMiB,
            String vmPathName,
            List<Data> devices, List<Ref> datastores) {
        this.ref = ref;
        this.folder = folder;
        this.host = host;
        this.name = name;
        this.guestId = guestId;
        this.cpus = cpus;
        this.memoryMiB = memoryMiB;
        this.vmPathName = vmPathName;
        this.devices = List.copyOf(devices);
        this.datastores = List.copyOf(datastores);
    }

    @Override
    public Ref ref() {
        return ref;
    }

    Ref folder() {
        return folder;
    }

    boolean uses(Ref datastore) {
        return datastores.contains(datastore);
    }

    /// Marks a change of its configuration.
    void changed() {
        changes++;
    }

    @Override
    public List<String> optionalProperties() {
        return List.of("recentTask", "snapshot", "customValue");
    }

    @Override
    public Data properties() {
        var manager = managedBy == null
                ? null
                : Value.data("ManagedByInfo", "extensionKey", managedBy.extensionKey(), "type",
                        managedBy.type());
        var power = Value.word("VirtualMachinePowerState", poweredOn ? "poweredOn" : "poweredOff");
        var runtime = Value.data("VirtualMachineRuntimeInfo", "host", host, "connectionState",
                Value.word("VirtualMachineConnectionState", "connected"), "powerState", power);
        var config = Value.data("VirtualMachineConfigInfo", "changeVersion", Integer.toString(changes),
                "name", name,
                "guestId", guestId, "template", false,
                "files", Value.data("VirtualMachineFileInfo", "vmPathName", vmPathName),
                "hardware", Value.data("VirtualHardware", "numCPU", cpus, "memoryMB", memoryMiB, "device",
                        new Many("VirtualDevice", new ArrayList<>(devices))),
                "managedBy", manager);
        var summary = Value.data("VirtualMachineSummary", "vm", ref, "runtime", runtime,
                "config",
                Value.data("VirtualMachineConfigSummary", "name", name, "template", false, "vmPathName",
                        vmPathName, "memorySizeMB", memoryMiB, "numCpu", cpus, "guestId", guestId,
                        "managedBy", manager));
        return Value.data("VirtualMachine", "name", name, "parent", folder, "config", config, "runtime",
                runtime,
                "summary", summary, "datastore", Value.refs(datastores));
    }

    /// What the lab's pages show of it.
    VirtualMachine view() {
        return new VirtualMachine(new MoRef(ref.type(), ref.id()), EntityName.shown(name),
                poweredOn ? PowerState.POWERED_ON : PowerState.POWERED_OFF, Optional.ofNullable(managedBy),
                vmPathName);
    }

}
