package org.vmfinalize.vcenter.soap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.MachineIdentity;
import org.vmfinalize.vcenter.MachineState;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualDisk;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.Storage;

/// Reads what is in the inventory.
final class Inventory {

    /// What is read of every virtual machine.
    static final String[] VM_PATHS = {"name", "runtime.powerState", "summary.config.managedBy",
            "summary.config.vmPathName"};

    private static final String[] STATE_PATHS = {"parent", "runtime.host", "guest.ipAddress",
            "guest.hostName", "guest.toolsRunningStatus"};

    private static final String[] DATASTORE_PATHS = {"name", "summary", "info", "host"};

    private final Properties properties;

    Inventory(Properties properties) {
        this.properties = properties;
    }

    List<VirtualMachine> virtualMachines() {
        return properties.ofAll("VirtualMachine", VM_PATHS).stream().map(Inventory::virtualMachine).toList();
    }

    VirtualMachine virtualMachine(MoRef vm) {
        return virtualMachine(properties.of(vm, VM_PATHS));
    }

    static VirtualMachine virtualMachine(Properties.Values values) {
        return new VirtualMachine(values.ref(), Texts.shownName(values.text("name")),
                PowerState.of(values.text("runtime.powerState")),
                Texts.managedBy(values.get("summary.config.managedBy")),
                values.text("summary.config.vmPathName"));
    }

    List<VirtualDisk> disks(MoRef vm) {
        var found = new ArrayList<VirtualDisk>();
        for (var device : devices(vm)) {
            if (device instanceof Machines.Disk disk && disk.key != null) {
                found.add(disk(disk.key, disk));
            }
        }
        return List.copyOf(found);
    }

    private static VirtualDisk disk(int key, Machines.Disk disk) {
        String file = disk.backing instanceof Machines.FileBacking backing
                ? Texts.orEmpty(backing.fileName)
                : "";
        String label = disk.deviceInfo == null ? "" : Texts.orEmpty(disk.deviceInfo.label);
        Long bytes = disk.capacityInBytes;
        if (bytes == null) {
            bytes = disk.capacityInKB == null ? 0 : Math.multiplyExact(disk.capacityInKB, 1024L);
        }
        return new VirtualDisk(key, label, file, bytes, parent(disk));
    }

    private static String parent(Machines.Disk disk) {
        var parent = switch (disk.backing) {
            case Machines.FlatBacking backing -> backing.parent;
            case Machines.SeSparseBacking backing -> backing.parent;
            case Machines.SparseBacking backing -> backing.parent;
            case null, default -> null;
        };
        return parent == null ? "" : Texts.orEmpty(parent.fileName);
    }

    Optional<String> setting(MoRef vm, String key) {
        return properties.of(vm, "config.extraConfig")
                .get("config.extraConfig") instanceof Machines.ArrayOfOptions options
                        ? options.items.stream().filter(option -> key.equals(option.key))
                                .map(option -> Texts.text(option.value)).findFirst()
                        : Optional.empty();
    }

    MachineState state(MoRef vm) {
        var values = properties.of(vm, STATE_PATHS);
        return new MachineState(Texts.reference(values.get("runtime.host")),
                Texts.reference(values.get("parent")),
                new MachineState.Guest(told(values, "guest.ipAddress"), told(values, "guest.hostName"),
                        told(values, "guest.toolsRunningStatus")));
    }

    private static Optional<String> told(Properties.Values values, String path) {
        return Optional.of(values.text(path)).filter(text -> !text.isBlank());
    }

    List<MachineIdentity> identities() {
        return properties
                .ofAll("VirtualMachine", "name", "parent", "summary.config.uuid",
                        "summary.config.instanceUuid")
                .stream()
                .map(vm -> new MachineIdentity(vm.ref(), Texts.shownName(vm.text("name")),
                        vm.text("summary.config.uuid"), vm.text("summary.config.instanceUuid"),
                        Texts.reference(vm.get("parent"))))
                .toList();
    }

    Set<String> macAddresses(MoRef vm) {
        var found = new HashSet<String>();
        for (var device : devices(vm)) {
            if (device instanceof Machines.EthernetCard card && card.macAddress != null) {
                found.add(card.macAddress.toLowerCase(Locale.ROOT));
            }
        }
        return Set.copyOf(found);
    }

    private List<Machines.Device> devices(MoRef vm) {
        return properties.of(vm, "config.hardware.device")
                .get("config.hardware.device") instanceof Machines.ArrayOfDevices devices
                        ? devices.items
                        : List.of();
    }

    List<Datastore> datastores() {
        return properties.ofAll("Datastore", DATASTORE_PATHS).stream().map(Inventory::datastore).toList();
    }

    private static Datastore datastore(Properties.Values values) {
        var summary = values.get("summary") instanceof Storage.Summary found ? found : new Storage.Summary();
        return new Datastore(values.ref(), Texts.shownName(values.text("name")), Texts.orEmpty(summary.type),
                summary.capacity == null ? 0 : summary.capacity,
                summary.freeSpace == null ? 0 : summary.freeSpace,
                Boolean.TRUE.equals(summary.accessible), nfs(values), mountedOn(values, _ -> true),
                mountedOn(values, mount -> Boolean.FALSE.equals(mount.accessible)));
    }

    private static Optional<Datastore.NfsExport> nfs(Properties.Values values) {
        return values.get("info") instanceof Storage.NasInfo info && info.nas != null
                ? Optional.of(new Datastore.NfsExport(Texts.orEmpty(info.nas.remoteHost),
                        Texts.orEmpty(info.nas.remotePath)))
                : Optional.empty();
    }

    private static List<MoRef> mountedOn(Properties.Values values, Predicate<Storage.MountInfo> wanted) {
        var hosts = new ArrayList<MoRef>();
        if (values.get("host") instanceof Storage.ArrayOfHostMounts mounts) {
            for (var mount : mounts.items) {
                if (mount.key != null && mount.mountInfo != null
                        && !Boolean.FALSE.equals(mount.mountInfo.mounted) && wanted.test(mount.mountInfo)) {
                    hosts.add(mount.key.toMoRef());
                }
            }
        }
        return hosts;
    }

    /// The host's part that mounts datastores.
    MoRef datastoreSystem(MoRef host) {
        return Texts
                .reference(properties.of(host, "configManager.datastoreSystem")
                        .get("configManager.datastoreSystem"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "host %s: its datastores must be visible to the user but are not"
                                .formatted(host.value())));
    }
}
