package org.vmfinalize.lab.vcenter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.HostStorage.DiskMove;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// A virtual machine of the lab. Guarded by the lock of its [World].
final class Machine implements ManagedObject {

    private final Ref ref;
    private final Ref folder;
    private final Ref host;
    private Config config;
    private String vmPathName;
    private List<Ref> datastores;
    /// Its relocations, and the tasks of extensions on it.
    final List<Ref> recentTasks = new ArrayList<>();
    private final String instanceUuid;
    private final String uuid;

    /// As the API keeps it: with `%`, `/` and `\` escaped.
    String name;
    boolean poweredOn;
    @Nullable
    ManagedBy managedBy;
    /// What VMware Tools tell; null: they do not run.
    @Nullable
    GuestTools tools;
    final Map<Integer, String> customValues = new TreeMap<>();
    /// By the alarm: since when it is red.
    final Map<Ref, Instant> redAlarms = new LinkedHashMap<>();
    private int changes;

    Machine(Ref ref, Ref folder, Ref host, String name, Config config, String vmPathName,
            List<Ref> datastores) {
        this.ref = ref;
        this.folder = folder;
        this.host = host;
        this.name = name;
        this.config = config;
        this.vmPathName = vmPathName;
        this.datastores = List.copyOf(datastores);
        this.uuid = config.uuid("uuid");
        this.instanceUuid = config.uuid("instanceUuid");
    }

    /// What it consists of.
    ///
    /// @param further what was asked for besides: version, uuid, instanceUuid, firmware, extraConfig …
    record Config(String guestId, int cpus, long memoryMiB, Map<String, Value> further, List<Data> devices) {

        Config {
            further = Map.copyOf(further);
            devices = List.copyOf(devices);
        }

        /// As asked for, else a new one.
        private String uuid(String field) {
            return further.get(field) instanceof Value.Scalar given && !given.text().isEmpty()
                    ? given.text()
                    : UUID.randomUUID().toString();
        }

        private Many options() {
            return new Many("OptionValue", switch (further.get("extraConfig")) {
                case null -> List.of();
                case Many many -> many.items();
                case Value one -> List.of(one);
            });
        }

        private Value textOr(String field, String otherwise) {
            return further.getOrDefault(field, Value.text(otherwise));
        }
    }

    @Override
    public Ref ref() {
        return ref;
    }

    Ref host() {
        return host;
    }

    /// Its virtual disks, as devices.
    List<Data> disks() {
        return config.devices.stream().filter(device -> device.type().equals("VirtualDisk")).toList();
    }

    /// Notes that its home and its disks are on another datastore now.
    void moved(Store store, List<DiskMove> disks) {
        config = new Config(config.guestId, config.cpus, config.memoryMiB, config.further,
                config.devices.stream().map(device -> Devices.moved(device, disks)).toList());
        vmPathName = new DatastorePath(store.name(), DatastorePath.parse(vmPathName).path()).toString();
        datastores = List.of(store.ref());
        changed();
    }

    /// The place of its configuration file.
    String vmPathName() {
        return vmPathName;
    }

    /// Notes that its disks need no parents any more.
    ///
    /// @param home the datastore that it is on
    void promoted(Ref home) {
        config = new Config(config.guestId, config.cpus, config.memoryMiB, config.further,
                config.devices.stream().map(device -> Devices.parent(device).isPresent()
                        ? Devices.withBacking(device, Map.of(), false)
                        : device).toList());
        datastores = List.of(home);
        changed();
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
        return List.of("snapshot");
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
        var info = Value.data("VirtualMachineConfigInfo", "changeVersion", Integer.toString(changes),
                "name", name, "version", config.textOr("version", "vmx-20"), "uuid", uuid, "instanceUuid",
                instanceUuid, "guestId", config.guestId, "template", false,
                "files", Value.data("VirtualMachineFileInfo", "vmPathName", vmPathName),
                "hardware",
                Value.data("VirtualHardware", "numCPU", config.cpus, "numCoresPerSocket",
                        config.textOr("numCoresPerSocket", "1"), "memoryMB", config.memoryMiB, "device",
                        new Many("VirtualDevice", new ArrayList<>(config.devices))),
                "extraConfig", config.options(), "bootOptions",
                config.further.get("bootOptions"), "firmware", config.textOr("firmware", "bios"),
                "managedBy", manager);
        var summary = Value.data("VirtualMachineSummary", "vm", ref, "runtime", runtime,
                "config",
                Value.data("VirtualMachineConfigSummary", "name", name, "template", false, "vmPathName",
                        vmPathName, "memorySizeMB", config.memoryMiB, "numCpu", config.cpus, "uuid", uuid,
                        "instanceUuid", instanceUuid, "guestId", config.guestId, "managedBy", manager));
        return Value.data("VirtualMachine", "name", name, "parent", folder, "config", info, "runtime",
                runtime,
                "summary", summary, "datastore", Value.refs(datastores), "recentTask",
                Value.refs(recentTasks), "guest", guest(), "customValue",
                new Many("CustomFieldValue", customValues.entrySet().stream()
                        .<Value>map(value -> Value.subtype("CustomFieldStringValue", "key", value.getKey(),
                                "value",
                                value.getValue()))
                        .toList()),
                "triggeredAlarmState", new Many("AlarmState", redAlarms.entrySet().stream()
                        .<Value>map(alarm -> Value.data("AlarmState", "key",
                                alarm.getKey().id() + "." + ref.id(), "entity", ref, "alarm", alarm.getKey(),
                                "overallStatus", Value.word("ManagedEntityStatus", "red"), "time",
                                alarm.getValue(), "acknowledged", false))
                        .toList()));
    }

    private Data guest() {
        var told = tools;
        return told == null
                ? Value.data("GuestInfo", "toolsRunningStatus", "guestToolsNotRunning", "guestState",
                        poweredOn ? "unknown" : "notRunning")
                : Value.data("GuestInfo", "toolsRunningStatus", "guestToolsRunning", "guestState", "running",
                        "ipAddress", told.ipAddress(), "hostName", told.hostName());
    }

    /// What the lab's pages show of it.
    VirtualMachine view() {
        return new VirtualMachine(new MoRef(ref.type(), ref.id()), EntityName.shown(name),
                poweredOn ? PowerState.POWERED_ON : PowerState.POWERED_OFF, Optional.ofNullable(managedBy),
                vmPathName);
    }

}
