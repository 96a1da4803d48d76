package org.vmfinalize.formats.ovf;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.xml.XmlElement;

/// A piece of virtual hardware (section 8.3): an element of CIM's resource allocation.
///
/// @param location of the descriptor, for messages
/// @param type the number of the kind of hardware
record Item(String location, XmlElement element, int type) {

    static final int PROCESSORS = 3;
    static final int MEMORY = 4;
    static final int IDE_CONTROLLER = 5;
    static final int SCSI_CONTROLLER = 6;
    static final int NETWORK_ADAPTER = 10;
    static final int DISK = 17;
    static final int OTHER_CONTROLLER = 20;

    /// Floppy, CD, DVD: they hold a medium and not a part of the machine.
    static final Set<Integer> REMOVABLE = Set.of(14, 15, 16);

    private static final long MAX_NUMBER = 1L << 40;

    static Item of(String location, XmlElement element) throws FormatException {
        String type = element.textOf("ResourceType").orElse("");
        if (!type.matches("\\d{1,5}")) {
            throw new FormatException(
                    "%s: OVF descriptor: the ResourceType of an Item must be a number but was '%s'"
                            .formatted(location, type));
        }
        return new Item(location, element, Integer.parseInt(type));
    }

    String name() {
        return element.textOf("ElementName").or(() -> element.textOf("Caption"))
                .orElse("Item of type " + type);
    }

    Optional<String> text(String child) {
        return element.textOf(child);
    }

    /// Versions before 1.0 spell it InstanceId.
    String instance() {
        return element.textOf("InstanceID").or(() -> element.textOf("InstanceId")).orElse("");
    }

    /// The words of the subtype in lower case; some writers list several.
    List<String> subtypes() {
        return List.of(element.textOf("ResourceSubType").orElse("").toLowerCase(Locale.ROOT)
                .split("[,\\s]+"));
    }

    /// A number of the item, which must lie in the range if it is there.
    Optional<Long> number(String child, long min, long max) throws FormatException {
        Optional<String> text = element.textOf(child);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        long value = text.get().matches("\\d{1,15}") ? Long.parseLong(text.get()) : -1;
        if (value < min || value > Math.min(max, MAX_NUMBER)) {
            throw new FormatException("%s: OVF descriptor: the %s of '%s' must be %d..%d but was '%s'"
                    .formatted(
                            location, child, name(), min, Math.min(max, MAX_NUMBER), text.get())
                    .replaceAll("\\p{Cntrl}", "?"));
        }
        return Optional.of(value);
    }
}
