package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.vmfinalize.lab.vcenter.HostStorage.DiskMove;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Scalar;
import org.vmfinalize.vcenter.DatastorePath;

/// The devices of a new virtual machine.
final class Devices {

    private static final Set<String> CARDS = Set.of("VirtualVmxnet3", "VirtualVmxnet2", "VirtualE1000",
            "VirtualE1000e", "VirtualPCNet32");
    private static final Set<String> OTHERS = Set.of("VirtualDisk", "ParaVirtualSCSIController",
            "VirtualLsiLogicController", "VirtualLsiLogicSASController", "VirtualBusLogicController",
            "VirtualAHCIController", "VirtualNVMEController");

    /// Every machine has two IDE controllers, which nobody makes.
    private static final Map<String, Integer> ALWAYS_THERE = Map.of("200", 200, "201", 201);

    private Devices() {}

    /// Checks what is asked for, and gives each device a key of its own; those that name each other keep doing so.
    ///
    /// @throws LabFault InvalidArgument or InvalidDeviceSpec
    static List<Data> of(List<Data> deviceChanges) {
        var requested = new ArrayList<Data>();
        for (var change : deviceChanges) {
            if (!change.text("operation").equals("add") || !(change.get("device") instanceof Data device)
                    || !(isCard(device) || OTHERS.contains(device.type()))) {
                throw LabFault.invalidArgument("deviceChange");
            }
            boolean child = device.get("backing") instanceof Data backing && backing.get("parent") != null;
            if (change.get("fileOperation") != null
                    && !(child && change.text("fileOperation").equals("create"))) {
                throw new LabFault("NotSupported", "The lab makes no new disks but children of others.");
            }
            requested.add(device);
        }
        var keys = new HashMap<>(ALWAYS_THERE);
        for (var device : requested) {
            keys.put(device.text("key"), 1000 + keys.size());
        }
        var devices = new ArrayList<Data>();
        int disks = 0;
        for (var device : requested) {
            boolean disk = device.type().equals("VirtualDisk");
            devices.add(withKeys(device, disk ? "Hard disk " + ++disks : device.type(), keys));
        }
        return devices;
    }

    /// The device with the file that it has after a move.
    static Data moved(Data device, List<DiskMove> disks) {
        if (!(device.get("backing") instanceof Data backing)) {
            return device;
        }
        return disks.stream().filter(disk -> disk.from().toString().equals(backing.text("fileName")))
                .findFirst().map(disk -> withBacking(device, Map.of("fileName",
                        Value.text(disk.to().toString()), "thinProvisioned",
                        new Scalar("xsd:boolean", Boolean.toString(disk.thin()))), true))
                .orElse(device);
    }

    /// A disk's parent; empty for any other device, and for a disk without one.
    static Optional<DatastorePath> parent(Data device) {
        return device.get("backing") instanceof Data backing && backing.get("parent") instanceof Data parent
                ? Optional.of(DatastorePath.parse(parent.text("fileName")))
                : Optional.empty();
    }

    /// The device with another file, or without its parent.
    static Data withBacking(Data device, Map<String, Value> changes, boolean parent) {
        var backing = (Data) device.all("backing").getFirst();
        var place = new LinkedHashMap<>(backing.fields());
        place.putAll(changes);
        if (!parent) {
            place.remove("parent");
        }
        var fields = new LinkedHashMap<>(device.fields());
        fields.put("backing",
                new Data(backing.type(), backing.marked(), Collections.unmodifiableMap(place)));
        return new Data(device.type(), device.marked(), Collections.unmodifiableMap(fields));
    }

    static boolean isCard(Data device) {
        return CARDS.contains(device.type());
    }

    private static Data withKeys(Data device, String label, Map<String, Integer> keys) {
        var fields = new LinkedHashMap<String, Value>();
        device.fields().forEach((name, value) -> fields.put(name, switch (name) {
            case "key", "controllerKey" -> {
                var key = keys.get(device.text(name));
                if (key == null) {
                    throw new LabFault("InvalidDeviceSpec", "A device names a controller that is not there.",
                            "property",
                            name, "deviceIndex", 0);
                }
                yield new Scalar("xsd:int", key.toString());
            }
            default -> value;
        }));
        var ordered = new LinkedHashMap<String, Value>();
        ordered.put("key", fields.getOrDefault("key", Value.text("0")));
        ordered.put("deviceInfo", Value.subtype("Description", "label", label, "summary", label));
        fields.forEach(ordered::putIfAbsent);
        if (isCard(device)) {
            ordered.putIfAbsent("macAddress", Value.text(generatedMac(device.text("key"), keys)));
        }
        return new Data(device.type(), true, Collections.unmodifiableMap(ordered));
    }

    /// Of the range that vCenter takes its own from.
    private static String generatedMac(String key, Map<String, Integer> keys) {
        return "00:50:56:80:%02x:%02x".formatted(ThreadLocalRandom.current().nextInt(1 << 8),
                keys.getOrDefault(key, 0) & 0xff);
    }
}
