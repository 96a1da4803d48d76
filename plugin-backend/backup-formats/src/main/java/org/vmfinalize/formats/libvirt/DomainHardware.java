package org.vmfinalize.formats.libvirt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.vmfinalize.backup.DiskController;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.formats.machine.Attachments;
import org.vmfinalize.formats.machine.MachineBackup;
import org.vmfinalize.formats.machine.Names;
import org.vmfinalize.formats.xml.XmlElement;

/// The machine of a domain, as near as vSphere has it. Its paravirtual disks have no counterpart: they go to SATA where the
/// machine is a modern one, and to LSI Logic SAS else, for which most guests have drivers.
public final class DomainHardware {

    private static final long MEBIBYTE = 1 << 20;
    private static final long MAX_MEMORY_BYTES = 1L << 46;
    private static final long MAX_PROCESSORS = 4096;
    private static final Set<String> LEFT_OUT = Set.of("tpm", "hostdev", "filesystem", "shmem", "redirdev");

    private final String location;
    private final XmlElement domain;
    private final DomainDisks disks;
    private final List<String> remarks = new ArrayList<>();

    /// The machine of a domain.
    ///
    /// @param location of the description, for messages
    public DomainHardware(String location, XmlElement domain, DomainDisks disks) {
        this.location = location;
        this.domain = domain;
        this.disks = disks;
    }

    /// Reads it.
    ///
    /// @throws FormatException if a number is not in its range
    public Hardware read() throws FormatException {
        remarks.addAll(disks.remarks());
        Attachments attachments = attachments();
        devices().filter(device -> LEFT_OUT.contains(device.name())).map(XmlElement::name).distinct()
                .forEach(name -> remarks
                        .add("A device '%s' is left out: vSphere has none that is like it.".formatted(name)));
        remarks.addAll(attachments.remarks());
        Optional<UUID> id = domain.textOf("uuid")
                .filter(text -> text.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
                .map(UUID::fromString);
        return new Hardware(Names.machine(domain.textOf("name").orElse("")),
                new Hardware.Uuids(id, Optional.empty()),
                Optional.of(GuestSystems.vsphereId(domain)), firmware(), processors(), memoryBytes(),
                attachments.controllers(), attachments.disks(), adapters(), remarks);
    }

    private Stream<XmlElement> devices() {
        return domain.find("devices").stream().flatMap(devices -> devices.children().stream());
    }

    private Hardware.Firmware firmware() {
        Optional<XmlElement> os = domain.find("os");
        Optional<XmlElement> loader = os.flatMap(one -> one.find("loader"));
        boolean efi = os.flatMap(one -> one.attribute("firmware")).equals(Optional.of("efi"))
                || loader.flatMap(one -> one.attribute("type")).equals(Optional.of("pflash"));
        if (!efi) {
            return Hardware.Firmware.BIOS;
        }
        boolean secure = loader.flatMap(one -> one.attribute("secure")).equals(Optional.of("yes"));
        return secure ? Hardware.Firmware.EFI_SECURE_BOOT : Hardware.Firmware.EFI;
    }

    private Hardware.Processors processors() throws FormatException {
        int count = (int) number("vcpu", domain.textOf("vcpu").orElse("1"), MAX_PROCESSORS);
        Optional<XmlElement> topology = domain.find("cpu", "topology");
        long cores = number("cores", topology.flatMap(one -> one.attribute("cores")).orElse("1"),
                MAX_PROCESSORS);
        long threads = number("threads", topology.flatMap(one -> one.attribute("threads")).orElse("1"),
                MAX_PROCESSORS);
        long perSocket = cores * threads;
        return new Hardware.Processors(count, count % perSocket == 0 ? (int) perSocket : 1);
    }

    private long memoryBytes() throws FormatException {
        XmlElement memory = domain.find("memory")
                .orElseThrow(() -> damaged("the memory must be stated but is not"));
        String unit = memory.attribute("unit").orElse("KiB");
        long unitBytes = switch (unit) {
            case "b", "bytes" -> 1;
            case "KB" -> 1000;
            case "k", "KiB" -> 1L << 10;
            case "MB" -> 1_000_000;
            case "M", "MiB" -> 1L << 20;
            case "GB" -> 1_000_000_000;
            case "G", "GiB" -> 1L << 30;
            case "TB" -> 1_000_000_000_000L;
            case "T", "TiB" -> 1L << 40;
            default -> throw damaged("the unit of the memory must be b, KB, KiB … TiB but was '%s'".formatted(
                    Names.shown(unit)));
        };
        long bytes = number("memory", memory.text(), MAX_MEMORY_BYTES / unitBytes) * unitBytes;
        return Math.ceilDiv(bytes, MEBIBYTE) * MEBIBYTE;
    }

    private long number(String field, String text, long max) throws FormatException {
        long value = text.matches("\\d{1,15}") ? Long.parseLong(text) : -1;
        if (value < 1 || value > max) {
            throw damaged("the %s must be 1..%d but was '%s'".formatted(field, max, Names.shown(text)));
        }
        return value;
    }

    private Attachments attachments() {
        var attachments = new Attachments();
        Map<String, DiskController> controllers = new LinkedHashMap<>();
        int number = 0;
        for (var disk : disks.disks()) {
            DiskController.Type type = controllerType(disk.bus());
            String name = MachineBackup.diskName(number);
            if (type == DiskController.Type.IDE) {
                // hda and hdb hang on the first controller, hdc and hdd on the second one.
                int place = "abcd".indexOf(
                        disk.target().isEmpty() ? ' ' : disk.target().charAt(disk.target().length() - 1));
                int bus = Math.max(place, 0) / 2;
                attachments.attach(name, controllers.computeIfAbsent("ide" + bus,
                        _ -> attachments.addController(type, OptionalInt.of(bus))),
                        OptionalInt.of(Math.max(place, 0) % 2));
            } else {
                attachments.attach(name, controllers.computeIfAbsent(type.name(),
                        _ -> attachments.addController(type, OptionalInt.empty())), OptionalInt.empty());
            }
            if (disk.bus().equals("virtio") || disk.bus().equals("scsi")) {
                remarks.add(
                        "%s hung on %s and hangs on %s: the guest needs a driver for that, and may call it by another name."
                                .formatted(name, disk.bus(), type));
            }
            number++;
        }
        return attachments;
    }

    private DiskController.Type controllerType(String bus) {
        if (bus.equals("ide")) {
            return DiskController.Type.IDE;
        }
        String machine = domain.find("os", "type").flatMap(type -> type.attribute("machine")).orElse("");
        boolean modern = machine.contains("q35") || firmware() != Hardware.Firmware.BIOS;
        return bus.equals("sata") || modern ? DiskController.Type.AHCI : DiskController.Type.LSI_LOGIC_SAS;
    }

    private List<NetworkAdapter> adapters() {
        return devices().filter(device -> device.name().equals("interface")).map(DomainHardware::adapter)
                .toList();
    }

    private static NetworkAdapter adapter(XmlElement device) {
        String model = device.find("model").flatMap(one -> one.attribute("type")).orElse("")
                .toLowerCase(Locale.ROOT);
        NetworkAdapter.Type type = switch (model) {
            case "e1000", "rtl8139" -> NetworkAdapter.Type.E1000;
            case "e1000e" -> NetworkAdapter.Type.E1000E;
            case "pcnet" -> NetworkAdapter.Type.PCNET32;
            default -> NetworkAdapter.Type.VMXNET3;
        };
        Optional<XmlElement> source = device.find("source");
        Optional<String> network = source.flatMap(one -> one.attribute("network"))
                .or(() -> source.flatMap(one -> one.attribute("bridge"))).map(Names::shown);
        return new NetworkAdapter(type, network,
                device.find("mac").flatMap(one -> one.attribute("address")).flatMap(Names::mac));
    }

    private FormatException damaged(String sentence) {
        return new FormatException("%s: %s: %s".formatted(location, DomainDisks.WHAT, sentence));
    }
}
