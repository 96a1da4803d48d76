package org.vmfinalize.formats.vmdk;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmfinalize.backup.FormatException;

/// A line of a descriptor that names an extent: access, sectors, type, and for most types a file in quotes and the sector
/// of the file at which the extent begins.
///
///     RW 8388608 FLAT "disk-f001.vmdk" 0
///
/// @param bytes how much of the disk it is; greater than 0
/// @param type in upper case
/// @param file a plain name, without folders; empty if there is none
/// @param offset in bytes
record ExtentLine(long bytes, String type, String file, long offset) {

    private static final int SECTOR = 512;

    /// 64 TiB: above the largest virtual disk of vSphere, 62 TiB.
    private static final long MAX_SECTORS = (1L << 46) / SECTOR;

    private static final int MAX_SHOWN = 100;

    private static final Pattern LINE = Pattern.compile(
            "(\\w+)\\s+(\\d{1,18})\\s+(\\w+)(?:\\s+\"([^\"]{1,255})\"(?:\\s+(\\d{1,18})(?:\\s.*)?)?)?\\s*");

    static ExtentLine parse(String descriptor, String line) throws FormatException {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw damaged(descriptor,
                    "an extent must be ACCESS SECTORS TYPE \"FILE\" OFFSET but was " + shown(line));
        }
        if (matcher.group(1).equalsIgnoreCase("NOACCESS")) {
            throw damaged(descriptor, "the access of an extent must be RW or RDONLY but was NOACCESS");
        }
        String type = matcher.group(3).toUpperCase(Locale.ROOT);
        String file = matcher.group(4) == null ? "" : matcher.group(4);
        if (file.isEmpty() != type.equals("ZERO")) {
            throw damaged(descriptor,
                    "an extent must name a file unless it is of type ZERO but was " + shown(line));
        }
        // Descriptors come from anywhere: without this rule one could make any file of the host a disk.
        if (file.contains("/") || file.contains("\\") || file.contains(":") || file.equals("..")
                || file.equals(".")) {
            throw damaged(descriptor,
                    "the file of an extent must be a name in the descriptor's own folder but was '%s'"
                            .formatted(shown(file)));
        }
        long sectors = number(descriptor, "the sectors", matcher.group(2), 1);
        String offset = matcher.group(5) == null ? "0" : matcher.group(5);
        return new ExtentLine(sectors * SECTOR, type, file,
                number(descriptor, "the offset", offset, 0) * SECTOR);
    }

    private static long number(String descriptor, String field, String digits, long min)
            throws FormatException {
        long value = Long.parseLong(digits);
        if (value < min || value > MAX_SECTORS) {
            throw damaged(descriptor,
                    "%s of an extent must be %d..%d but was %d".formatted(field, min, MAX_SECTORS, value));
        }
        return value;
    }

    /// Text from an image as it may be shown: not too long and without control characters.
    static String shown(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "…";
    }

    private static FormatException damaged(String descriptor, String sentence) {
        return new FormatException("%s: VMDK descriptor: %s".formatted(descriptor, sentence));
    }
}
