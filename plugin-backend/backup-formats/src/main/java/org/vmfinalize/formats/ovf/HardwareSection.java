package org.vmfinalize.formats.ovf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.vmfinalize.backup.DiskController;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.formats.machine.Attachments;
import org.vmfinalize.formats.machine.MachineBackup;
import org.vmfinalize.formats.machine.Names;
import org.vmfinalize.formats.xml.XmlElement;

/// The machine of a descriptor: its VirtualHardwareSection (section 8) and what VMware adds to it.
final class HardwareSection {

    private static final Set<String> ITEMS = Set.of("Item", "StorageItem", "EthernetPortItem");
    private static final long MEBIBYTE = 1 << 20;
    private static final long MAX_MEMORY_BYTES = 1L << 46;
    private static final int MAX_PROCESSORS = 4096;
    private static final int MAX_ITEMS = 2000;

    private final String location;
    private final Envelope envelope;
    private final List<Item> items;
    private final List<String> remarks = new ArrayList<>();

    HardwareSection(String location, Envelope envelope) throws FormatException {
        this.location = location;
        this.envelope = envelope;
        this.items = items();
    }

    private Optional<XmlElement> section() {
        return envelope.system().flatMap(system -> system.find("VirtualHardwareSection"));
    }

    private List<Item> items() throws FormatException {
        var found = new ArrayList<Item>();
        Optional<String> configuration = defaultConfiguration();
        for (var element : section().map(XmlElement::children).orElse(List.of())) {
            Optional<String> only = element.attribute("configuration");
            boolean chosen = only.isEmpty() || only.equals(configuration);
            // Items with other bounds than normal state limits and not the machine.
            boolean normal = element.attribute("bound").orElse("normal").equals("normal");
            if (ITEMS.contains(element.name()) && chosen && normal) {
                found.add(Item.of(location, element));
            }
        }
        if (found.size() > MAX_ITEMS) {
            throw new FormatException(
                    "%s: OVF descriptor: there must be at most %d Items but are %d".formatted(
                            location, MAX_ITEMS, found.size()));
        }
        return found;
    }

    /// The configuration that is taken if nobody chooses (section 9.8).
    private Optional<String> defaultConfiguration() {
        List<XmlElement> all = envelope.root().find("DeploymentOptionSection")
                .map(section -> section.all("Configuration")).orElse(List.of());
        return all.stream().filter(one -> one.attribute("default").equals(Optional.of("true"))).findFirst()
                .or(() -> all.stream().findFirst()).flatMap(one -> one.attribute("id"));
    }

    /// The machine's disks, in its order; all disks of the package if the machine is alone and names none.
    List<Envelope.VirtualDisk> disks() throws FormatException {
        var disks = new ArrayList<Envelope.VirtualDisk>();
        for (var item : items) {
            if (item.type() == Item.DISK) {
                disks.add(disk(item));
            }
        }
        if (disks.stream().distinct().count() != disks.size()) {
            throw new FormatException("%s: OVF descriptor: a disk must hang in one place but the disks are %s"
                    .formatted(location, disks.stream().map(disk -> Names.shown(disk.id())).toList()));
        }
        return disks.isEmpty() && envelope.isAlone() ? envelope.disks() : disks;
    }

    private Envelope.VirtualDisk disk(Item item) throws FormatException {
        String resource = item.text("HostResource").orElse("");
        String id = resource.replaceFirst("^(ovf:)?/disk/", "");
        Optional<Envelope.VirtualDisk> disk = id.equals(resource) ? Optional.empty() : envelope.disk(id);
        return disk.orElseThrow(() -> new FormatException(
                "%s: OVF descriptor: the HostResource of '%s' must be ovf:/disk/ and the diskId of a Disk but was '%s'"
                        .formatted(location, Names.shown(item.name()), Names.shown(resource))));
    }

    /// The machine; empty if there is none, or if its processors or its memory are not told.
    Optional<Hardware> read() throws FormatException {
        Optional<Item> processors = first(Item.PROCESSORS);
        Optional<Item> memory = first(Item.MEMORY);
        if (processors.isEmpty() || memory.isEmpty()) {
            return Optional.empty();
        }
        var attachments = attachments();
        List<NetworkAdapter> adapters = adapters();
        items.stream().filter(item -> Item.REMOVABLE.contains(item.type())).forEach(
                item -> remarks.add("'%s' is left out: its medium is no part of the backup.".formatted(
                        Names.shown(item.name()))));
        remarks.addAll(attachments.remarks());
        return Optional.of(new Hardware(Names.machine(name()), Hardware.Uuids.UNKNOWN, guestId(), firmware(),
                processors(processors.get()), memoryBytes(memory.get()), attachments.controllers(),
                attachments.disks(), adapters, remarks));
    }

    private Optional<Item> first(int type) {
        return items.stream().filter(item -> item.type() == type).findFirst();
    }

    private String name() {
        return envelope.system().flatMap(
                system -> system.textOf("Name")
                        .or(() -> system.textOf("VirtualHardwareSection", "System",
                                "VirtualSystemIdentifier"))
                        .or(() -> system.attribute("id")))
                .orElse("");
    }

    private Optional<String> guestId() {
        return envelope.system().flatMap(system -> system.find("OperatingSystemSection")).flatMap(
                section -> section.attribute("osType").or(() -> GuestSystems.vsphereId(
                        section.attribute("id").orElse(""))));
    }

    private Hardware.Firmware firmware() {
        Map<String, String> settings = new HashMap<>();
        section().map(section -> section.all("Config")).orElse(List.of()).forEach(
                config -> settings.put(config.attribute("key").orElse(""),
                        config.attribute("value").orElse("")));
        boolean efi = settings.getOrDefault("firmware", "bios").equalsIgnoreCase("efi");
        boolean secure = settings.getOrDefault("bootOptions.efiSecureBootEnabled", "false")
                .equalsIgnoreCase("true");
        if (!efi) {
            return Hardware.Firmware.BIOS;
        }
        return secure ? Hardware.Firmware.EFI_SECURE_BOOT : Hardware.Firmware.EFI;
    }

    private Hardware.Processors processors(Item item) throws FormatException {
        int count = item.number("VirtualQuantity", 1, MAX_PROCESSORS).orElse(1L).intValue();
        int perSocket = item.number("CoresPerSocket", 1, MAX_PROCESSORS).orElse(1L).intValue();
        if (count % perSocket != 0) {
            remarks.add("%d processors cannot be %d for each socket; they are one for each.".formatted(count,
                    perSocket));
            return new Hardware.Processors(count, 1);
        }
        return new Hardware.Processors(count, perSocket);
    }

    private long memoryBytes(Item item) throws FormatException {
        String units = item.text("AllocationUnits").orElse("byte * 2^20");
        long unit = Units.bytes(units).filter(bytes -> bytes <= MAX_MEMORY_BYTES).orElseThrow(
                () -> new FormatException(
                        "%s: OVF descriptor: the AllocationUnits of the memory must be a unit of bytes but were '%s'"
                                .formatted(location, Names.shown(units))));
        long quantity = item.number("VirtualQuantity", 1, MAX_MEMORY_BYTES / unit).orElse(0L);
        if (quantity == 0) {
            throw new FormatException(
                    location + ": OVF descriptor: the memory must have a VirtualQuantity but has none");
        }
        return Math.ceilDiv(quantity * unit, MEBIBYTE) * MEBIBYTE;
    }

    private Attachments attachments() throws FormatException {
        var attachments = new Attachments();
        var controllers = new LinkedHashMap<String, DiskController>();
        for (var item : items) {
            Optional<DiskController.Type> type = controllerType(item);
            if (type.isPresent()) {
                OptionalInt bus = intOf(item, "Address");
                controllers.put(item.instance(), attachments.addController(type.get(), bus));
            }
        }
        int number = 0;
        for (var item : items) {
            if (item.type() == Item.DISK) {
                DiskController controller = controllers.get(item.text("Parent").orElse(""));
                if (controller == null) {
                    throw new FormatException(
                            "%s: OVF descriptor: the Parent of '%s' must be the InstanceID of a controller but was '%s'"
                                    .formatted(location, Names.shown(item.name()),
                                            Names.shown(item.text("Parent").orElse(""))));
                }
                attachments.attach(MachineBackup.diskName(number), controller,
                        intOf(item, "AddressOnParent"));
                number++;
            }
        }
        return attachments;
    }

    /// A place; what is no small number is as if it were not told.
    private static OptionalInt intOf(Item item, String child) {
        String text = item.text(child).orElse("");
        return text.matches("\\d{1,3}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    private static Optional<DiskController.Type> controllerType(Item item) {
        return switch (item.type()) {
            case Item.IDE_CONTROLLER -> Optional.of(DiskController.Type.IDE);
            case Item.SCSI_CONTROLLER -> Optional.of(scsiType(item.subtypes()));
            case Item.OTHER_CONTROLLER -> otherType(item.subtypes());
            default -> Optional.empty();
        };
    }

    /// Of several the one that most guests have a driver for.
    private static DiskController.Type scsiType(List<String> subtypes) {
        if (subtypes.contains("lsilogic")) {
            return DiskController.Type.LSI_LOGIC;
        }
        if (subtypes.contains("lsilogicsas")) {
            return DiskController.Type.LSI_LOGIC_SAS;
        }
        if (subtypes.contains("virtualscsi")) {
            return DiskController.Type.PVSCSI;
        }
        return subtypes.contains("buslogic") ? DiskController.Type.BUS_LOGIC : DiskController.Type.LSI_LOGIC;
    }

    private static Optional<DiskController.Type> otherType(List<String> subtypes) {
        if (subtypes.stream().anyMatch(subtype -> subtype.contains("nvme"))) {
            return Optional.of(DiskController.Type.NVME);
        }
        return subtypes.stream().anyMatch(subtype -> subtype.contains("ahci"))
                ? Optional.of(DiskController.Type.AHCI)
                : Optional.empty();
    }

    private List<NetworkAdapter> adapters() {
        var adapters = new ArrayList<NetworkAdapter>();
        for (var item : items) {
            if (item.type() == Item.NETWORK_ADAPTER) {
                adapters.add(new NetworkAdapter(adapterType(item.subtypes()),
                        item.text("Connection").map(Names::shown),
                        item.text("Address").flatMap(Names::mac)));
            }
        }
        return adapters;
    }

    private static NetworkAdapter.Type adapterType(List<String> subtypes) {
        return switch (subtypes.getFirst().toLowerCase(Locale.ROOT)) {
            case "e1000" -> NetworkAdapter.Type.E1000;
            case "e1000e" -> NetworkAdapter.Type.E1000E;
            case "pcnet32" -> NetworkAdapter.Type.PCNET32;
            case "vmxnet", "vmxnet2" -> NetworkAdapter.Type.VMXNET2;
            default -> NetworkAdapter.Type.VMXNET3;
        };
    }
}
