package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Scalar;

/// The devices of a new virtual machine.
final class Devices {

    private static final Set<String> KNOWN = Set.of("VirtualDisk", "ParaVirtualSCSIController",
            "VirtualVmxnet3");

    private Devices() {}

    /// Checks what is asked for, and gives each device a key of its own; those that name each other keep doing so.
    ///
    /// @throws LabFault InvalidArgument or InvalidDeviceSpec
    static List<Data> of(List<Data> deviceChanges) {
        var requested = new ArrayList<Data>();
        for (var change : deviceChanges) {
            if (!change.text("operation").equals("add") || !(change.get("device") instanceof Data device)
                    || !KNOWN.contains(device.type())) {
                throw LabFault.invalidArgument("deviceChange");
            }
            if (change.get("fileOperation") != null) {
                throw new LabFault("NotSupported", "The lab has no files to make a new disk of.");
            }
            requested.add(device);
        }
        var keys = new HashMap<String, Integer>();
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
        return new Data(device.type(), true, Collections.unmodifiableMap(ordered));
    }
}
