package org.vmfinalize.formats.ovf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.machine.Names;
import org.vmfinalize.formats.xml.XmlDocument;
import org.vmfinalize.formats.xml.XmlElement;

/// A descriptor: the files of the package, the disks that they have, and the machine (sections 7 to 9).
///
/// @param disks in their order
/// @param system the machine, if there is one
/// @param isAlone whether the package has no other machine
/// @param root the whole
record Envelope(List<VirtualDisk> disks, Optional<XmlElement> system, boolean isAlone, XmlElement root) {

    static final String ROOT = "Envelope";

    private static final String WHAT = "OVF descriptor";
    private static final int MAX_DISKS = 256;
    private static final int MAX_NAMES = 20;

    /// A file of the package.
    ///
    /// @param href its name, not to be trusted
    /// @param size in bytes, if it is stated; of all chunks together
    /// @param chunkSize of each chunk but the last, greater than 0; empty: the file is whole
    record FileReference(String id, String href, Optional<Long> size, Optional<Long> chunkSize) {}

    /// A virtual disk.
    ///
    /// @param file a disk that has none is empty
    /// @param capacity in units of `unit`
    /// @param format a URI
    record VirtualDisk(String id, Optional<FileReference> file, String capacity, String unit,
            String format) {}

    /// @param system the id of the machine; empty: the one that there is
    static Envelope read(BackupFile descriptor, Optional<String> system) throws IOException {
        return new Parser(descriptor.location()).parse(XmlDocument.read(WHAT, descriptor), system);
    }

    Optional<VirtualDisk> disk(String id) {
        return disks.stream().filter(disk -> disk.id().equals(id)).findFirst();
    }

    /// The value of a property of the machine, such as `size` in a capacity of `${size}` (section 9.5).
    Optional<String> property(String key) {
        return system.stream().flatMap(machine -> machine.all("ProductSection").stream())
                .flatMap(section -> section.all("Property").stream())
                .filter(property -> property.attribute("key").equals(Optional.of(key)))
                .flatMap(property -> property.attribute("value").stream()).findFirst();
    }

    private static final class Parser {

        private final String location;

        Parser(String location) {
            this.location = location;
        }

        Envelope parse(XmlElement root, Optional<String> wanted) throws FormatException {
            if (!root.name().equals(ROOT)) {
                throw damaged("the root must be Envelope but was " + root.name());
            }
            var systems = new ArrayList<XmlElement>();
            collect(root, systems);
            Optional<XmlElement> system = wanted.isPresent()
                    ? Optional.of(named(wanted.get(), systems))
                    : single(systems);
            return new Envelope(disks(root, files(root)), system, systems.size() < 2, root);
        }

        private Map<String, FileReference> files(XmlElement root) throws FormatException {
            var files = new LinkedHashMap<String, FileReference>();
            var references = root.find("References").map(element -> element.all("File")).orElse(List.of());
            for (var file : references) {
                String id = required(file, "id");
                refuseCompression(file, id);
                var reference = new FileReference(id, required(file, "href"), number(file, "size", id),
                        number(file, "chunkSize", id).filter(bytes -> bytes > 0));
                if (reference.chunkSize().isPresent() && reference.size().isEmpty()) {
                    throw damaged("the File '%s' in chunks must have its size but has not".formatted(id));
                }
                if (files.put(id, reference) != null) {
                    throw damaged(
                            "the id of a File must be there once but '%s' is there twice".formatted(id));
                }
            }
            return files;
        }

        private void refuseCompression(XmlElement file, String id) throws FormatException {
            String compression = file.attribute("compression").orElse("identity");
            if (!compression.equals("identity")) {
                throw damaged(
                        "the compression of the File '%s' must be identity but was '%s', which can be read from its start only; unpack the package: %s"
                                .formatted(id, compression, "ovftool IN OUT"));
            }
        }

        private Optional<Long> number(XmlElement file, String attribute, String id) throws FormatException {
            Optional<String> text = file.attribute(attribute);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            if (!text.get().matches("\\d{1,18}")) {
                throw damaged("the %s of the File '%s' must be a number but was '%s'".formatted(attribute, id,
                        text.get()));
            }
            return Optional.of(Long.parseLong(text.get()));
        }

        private List<VirtualDisk> disks(XmlElement root, Map<String, FileReference> files)
                throws FormatException {
            var disks = new LinkedHashMap<String, VirtualDisk>();
            var elements = root.find("DiskSection").map(element -> element.all("Disk")).orElse(List.of());
            if (elements.size() > MAX_DISKS) {
                throw damaged(
                        "there must be at most %d disks but are %d".formatted(MAX_DISKS, elements.size()));
            }
            for (var element : elements) {
                String id = required(element, "diskId");
                if (element.attribute("parentRef").isPresent()) {
                    throw damaged("the disk '%s' must not have a parentRef but has one; flatten it: %s"
                            .formatted(id,
                                    "ovftool IN OUT"));
                }
                Optional<String> reference = element.attribute("fileRef");
                Optional<FileReference> file = reference.map(files::get);
                if (reference.isPresent() && file.isEmpty()) {
                    throw damaged(
                            "the fileRef of the disk '%s' must be the id of a File but was '%s'".formatted(id,
                                    reference.get()));
                }
                var disk = new VirtualDisk(id, file, required(element, "capacity"),
                        element.attribute("capacityAllocationUnits").orElse("byte"),
                        element.attribute("format").orElse(""));
                if (disks.put(id, disk) != null) {
                    throw damaged("the diskId must be there once but '%s' is there twice".formatted(id));
                }
            }
            return List.copyOf(disks.values());
        }

        private Optional<XmlElement> single(List<XmlElement> systems) throws FormatException {
            if (systems.size() > 1) {
                throw damaged(
                        "there must be one VirtualSystem but there are %d: %s; choose one by a backup.yaml beside it with the keys ovf and virtualSystem"
                                .formatted(systems.size(), names(systems)));
            }
            return systems.stream().findFirst();
        }

        private XmlElement named(String id, List<XmlElement> systems) throws FormatException {
            List<XmlElement> found = systems.stream()
                    .filter(system -> system.attribute("id").equals(Optional.of(id))).toList();
            if (found.size() != 1) {
                throw damaged("there must be one VirtualSystem '%s' but there are %d; there are: %s"
                        .formatted(Names.shown(id), found.size(), names(systems)));
            }
            return found.getFirst();
        }

        private static String names(List<XmlElement> systems) {
            return systems.stream().limit(MAX_NAMES)
                    .map(system -> "'%s'".formatted(Names.shown(system.attribute("id").orElse(""))))
                    .collect(Collectors.joining(", ", "", systems.size() > MAX_NAMES ? ", …" : ""));
        }

        /// The machines, which may lie in collections.
        private static void collect(XmlElement element, List<XmlElement> systems) {
            systems.addAll(element.all("VirtualSystem"));
            element.all("VirtualSystemCollection").forEach(collection -> collect(collection, systems));
        }

        private String required(XmlElement element, String attribute) throws FormatException {
            return element.attribute(attribute).orElseThrow(
                    () -> damaged("a %s must have the attribute %s but has not".formatted(element.name(),
                            attribute)));
        }

        private FormatException damaged(String sentence) {
            return new FormatException(
                    "%s: %s: %s".formatted(location, WHAT, sentence.replaceAll("\\p{Cntrl}", "?")));
        }
    }
}
