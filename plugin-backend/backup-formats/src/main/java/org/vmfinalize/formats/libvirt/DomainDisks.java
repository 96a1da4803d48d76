package org.vmfinalize.formats.libvirt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.machine.Names;
import org.vmfinalize.formats.xml.XmlElement;

/// The disks of a domain.
///
/// @param disks those that hold data, in their order
/// @param remarks what is left out
public record DomainDisks(List<DomainDisk> disks, List<String> remarks) {

    public static final String ROOT = "domain";
    public static final String WHAT = "libvirt domain";

    private static final int MAX_DISKS = 256;
    private static final Map<String, String> FORMATS = Map.of("raw", "raw", "qcow2", "qcow2", "vmdk", "vmdk",
            "vpc",
            "vhd", "vhdx", "vhdx");

    /// A disk that holds data.
    ///
    /// @param file its name beside the description, not to be trusted
    /// @param format the name of the image's format
    /// @param target what the guest may call it, such as `vda`
    /// @param bus `virtio`, `scsi`, `sata`, `ide` or another
    public record DomainDisk(String file, String format, String target, String bus) {}

    /// The disks of a domain.
    ///
    /// @param location of the description, for messages
    /// @throws FormatException if one does not say where it is, or of what format
    public static DomainDisks of(String location, XmlElement domain) throws FormatException {
        if (!domain.name().equals(ROOT)) {
            throw damaged(location, "the root must be domain but was " + Names.shown(domain.name()));
        }
        var disks = new ArrayList<DomainDisk>();
        var remarks = new ArrayList<String>();
        for (var element : domain.find("devices").map(devices -> devices.all("disk")).orElse(List.of())) {
            String device = element.attribute("device").orElse("disk");
            String target = element.find("target").flatMap(one -> one.attribute("dev")).orElse("");
            if (device.equals("disk")) {
                disks.add(disk(location, element, target));
            } else {
                remarks.add("The %s '%s' is left out: its medium is no part of the backup.".formatted(
                        Names.shown(device), Names.shown(target)));
            }
        }
        if (disks.size() > MAX_DISKS) {
            throw damaged(location,
                    "there must be at most %d disks but are %d".formatted(MAX_DISKS, disks.size()));
        }
        return new DomainDisks(disks, remarks);
    }

    private static DomainDisk disk(String location, XmlElement element, String target)
            throws FormatException {
        Optional<XmlElement> source = element.find("source");
        String path = Stream.of("file", "dev", "name", "volume")
                .flatMap(name -> source.flatMap(one -> one.attribute(name)).stream()).findFirst()
                .orElseThrow(() -> damaged(location,
                        "the source of the disk '%s' must be stated but is not"
                                .formatted(Names.shown(target))));
        String type = element.find("driver").flatMap(driver -> driver.attribute("type")).orElse("");
        String format = FORMATS.get(type);
        if (format == null) {
            // Never guessed: a guest could write into its raw disk what looks like another image.
            throw damaged(location,
                    "the driver type of the disk '%s' must be raw, qcow2, vmdk, vpc or vhdx but was '%s'"
                            .formatted(Names.shown(target), Names.shown(type)));
        }
        String bus = element.find("target").flatMap(one -> one.attribute("bus")).orElse("virtio");
        return new DomainDisk(path.substring(path.lastIndexOf('/') + 1), format, target, bus);
    }

    private static FormatException damaged(String location, String sentence) {
        return new FormatException("%s: %s: %s".formatted(location, WHAT, sentence));
    }
}
