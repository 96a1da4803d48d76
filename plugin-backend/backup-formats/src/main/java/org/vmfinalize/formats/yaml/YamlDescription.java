package org.vmfinalize.formats.yaml;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.DiskController;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.formats.machine.Attachments;
import org.vmfinalize.formats.machine.MachineBackup;
import org.vmfinalize.formats.machine.MachineDescription;
import org.vmfinalize.formats.machine.Names;
import org.vmfinalize.formats.ovf.PackagedMachine;

/// A description of our own. Only the version and the disks must be there; without `processors` and `memory` there is no
/// hardware, so that a machine can be made by hand only.
///
///     vmFinalizeBackup: 1
///     name: web-01
///     takenAt: 2026-11-25T03:00:00Z
///     guestId: ubuntu64Guest
///     firmware: efi                  # bios, efi, efi-secure-boot
///     processors: 4
///     coresPerSocket: 2
///     memory: 8 GiB
///     disks:
///       - file: web-01.qcow2         # beside this file
///         format: qcow2              # raw, qcow2, vmdk, vhd, vhdx
///         controller: pvscsi         # pvscsi, lsilogic, lsilogic-sas, buslogic, ahci, nvme, ide
///         bus: 0
///         unit: 0
///     networkAdapters:
///       - type: vmxnet3              # vmxnet3, vmxnet2, e1000, e1000e, pcnet32
///         network: VM Network
///         mac: 00:50:56:9a:12:34
///
/// Or it chooses one machine of an OVF package, which tells the rest:
///
///     vmFinalizeBackup: 1
///     takenAt: 2026-11-25T03:00:00Z
///     ovf: shop.ova                  # or shop.ovf, beside this file
///     virtualSystem: web-01          # its ovf:id
///
/// @param disks in their order
record YamlDescription(List<Disk> disks, MachineDescription machine) {

    static final String VERSION = "vmFinalizeBackup";

    private static final int MAX_DISKS = 256;
    private static final int MAX_ADAPTERS = 64;
    private static final int MAX_PROCESSORS = 4096;
    private static final long MAX_MEMORY_MIB = 1L << 26;
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,8}) ?([MGT])iB");
    private static final Set<String> KEYS = Set.of(VERSION, "name", "takenAt", "guestId", "firmware",
            "processors",
            "coresPerSocket", "memory", "disks", "networkAdapters");
    private static final Set<String> PACKAGE_KEYS = Set.of(VERSION, "takenAt", "ovf", "virtualSystem");
    private static final Map<String, Hardware.Firmware> FIRMWARE = Map.of("bios", Hardware.Firmware.BIOS,
            "efi",
            Hardware.Firmware.EFI, "efi-secure-boot", Hardware.Firmware.EFI_SECURE_BOOT);
    private static final Map<String, DiskController.Type> CONTROLLERS = Map.of("pvscsi",
            DiskController.Type.PVSCSI,
            "lsilogic", DiskController.Type.LSI_LOGIC, "lsilogic-sas", DiskController.Type.LSI_LOGIC_SAS,
            "buslogic",
            DiskController.Type.BUS_LOGIC, "ahci", DiskController.Type.AHCI, "nvme", DiskController.Type.NVME,
            "ide",
            DiskController.Type.IDE);
    private static final Map<String, NetworkAdapter.Type> ADAPTERS = Map.of("vmxnet3",
            NetworkAdapter.Type.VMXNET3,
            "vmxnet2", NetworkAdapter.Type.VMXNET2, "e1000", NetworkAdapter.Type.E1000, "e1000e",
            NetworkAdapter.Type.E1000E, "pcnet32", NetworkAdapter.Type.PCNET32);

    /// @param file its name beside the description, not to be trusted
    record Disk(String file, String format) {}

    /// The values of the description, of either kind.
    static YamlValues values(BackupFile file) throws IOException {
        var values = new YamlValues(file.location(), "", YamlText.read(file));
        if (values.number(VERSION, 1, 1).isEmpty()) {
            throw values.damaged(VERSION, "must be 1 but is not stated");
        }
        return values;
    }

    /// The machine of a package that the description chooses; empty if it describes one itself.
    static Optional<PackagedMachine> packaged(YamlValues values) throws FormatException {
        if (values.text("ovf").isEmpty()) {
            return Optional.empty();
        }
        values.allow(PACKAGE_KEYS);
        return Optional.of(new PackagedMachine(values.required("ovf"), values.required("virtualSystem"),
                takenAt(values)));
    }

    static YamlDescription of(YamlValues values) throws FormatException {
        values.allow(KEYS);
        var disks = new ArrayList<Disk>();
        var attachments = new Attachments();
        Map<DiskController.Type, List<DiskController>> controllers = new EnumMap<>(DiskController.Type.class);
        for (var disk : values.list("disks", MAX_DISKS)) {
            disk.allow(Set.of("file", "format", "controller", "bus", "unit"));
            attach(MachineBackup.diskName(disks.size()), disk, attachments, controllers);
            disks.add(new Disk(disk.required("file"), disk.required("format")));
        }
        if (disks.isEmpty()) {
            throw values.damaged("disks", "must be a list of at least one but is none");
        }
        return new YamlDescription(disks,
                new MachineDescription(hardware(values, attachments), takenAt(values)));
    }

    private static void attach(String name, YamlValues disk, Attachments attachments,
            Map<DiskController.Type, List<DiskController>> controllers) throws FormatException {
        DiskController.Type type = disk.choice("controller", CONTROLLERS).orElse(DiskController.Type.PVSCSI);
        OptionalInt bus = disk.number("bus", 0, 3);
        List<DiskController> ofType = controllers.computeIfAbsent(type, _ -> new ArrayList<>());
        Optional<DiskController> there = ofType.stream()
                .filter(one -> bus.isEmpty() || one.bus() == bus.getAsInt()).findFirst();
        DiskController controller = there.orElseGet(() -> attachments.addController(type, bus));
        if (there.isEmpty()) {
            ofType.add(controller);
        }
        attachments.attach(name, controller, disk.number("unit", 0, type.units() - 1));
    }

    private static Optional<Instant> takenAt(YamlValues values) throws FormatException {
        Optional<String> text = values.text("takenAt");
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException e) {
            FormatException refused = values.damaged("takenAt",
                    "must be a time such as 2026-11-25T03:00:00Z but was '%s'"
                            .formatted(Names.shown(text.orElse(""))));
            refused.initCause(e);
            throw refused;
        }
    }

    private static Optional<Hardware> hardware(YamlValues values, Attachments attachments)
            throws FormatException {
        OptionalInt processors = values.number("processors", 1, MAX_PROCESSORS);
        int perSocket = values.number("coresPerSocket", 1, MAX_PROCESSORS).orElse(1);
        Optional<Long> memory = memory(values);
        List<NetworkAdapter> adapters = adapters(values);
        Hardware.Firmware firmware = values.choice("firmware", FIRMWARE).orElse(Hardware.Firmware.BIOS);
        if (processors.isEmpty() || memory.isEmpty()) {
            return Optional.empty();
        }
        if (processors.getAsInt() % perSocket != 0) {
            throw values.damaged("coresPerSocket", "must divide the %d processors but was %d".formatted(
                    processors.getAsInt(), perSocket));
        }
        return Optional.of(new Hardware(Names.machine(values.text("name").orElse("")), Hardware.Uuids.UNKNOWN,
                values.text("guestId").map(Names::shown), firmware,
                new Hardware.Processors(processors.getAsInt(), perSocket), memory.get(),
                attachments.controllers(),
                attachments.disks(), adapters, attachments.remarks()));
    }

    private static Optional<Long> memory(YamlValues values) throws FormatException {
        Optional<String> text = values.text("memory");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher memory = MEMORY.matcher(text.get());
        long mebibytes = memory.matches()
                ? Long.parseLong(memory.group(1)) << (10 * "MGT".indexOf(memory.group(2)))
                : 0;
        if (mebibytes < 1 || mebibytes > MAX_MEMORY_MIB) {
            throw values.damaged("memory",
                    "must be 1..%d MiB, such as 8 GiB, but was '%s'".formatted(MAX_MEMORY_MIB,
                            Names.shown(text.get())));
        }
        return Optional.of(mebibytes << 20);
    }

    private static List<NetworkAdapter> adapters(YamlValues values) throws FormatException {
        var adapters = new ArrayList<NetworkAdapter>();
        for (var adapter : values.list("networkAdapters", MAX_ADAPTERS)) {
            adapter.allow(Set.of("type", "network", "mac"));
            Optional<String> mac = adapter.text("mac");
            if (mac.isPresent() && Names.mac(mac.get()).isEmpty()) {
                throw adapter.damaged("mac",
                        "must be six bytes such as 00:50:56:9a:12:34 but was '%s'".formatted(
                                Names.shown(mac.get())));
            }
            adapters.add(
                    new NetworkAdapter(adapter.choice("type", ADAPTERS).orElse(NetworkAdapter.Type.VMXNET3),
                            adapter.text("network").map(Names::shown), mac.flatMap(Names::mac)));
        }
        return adapters;
    }
}
