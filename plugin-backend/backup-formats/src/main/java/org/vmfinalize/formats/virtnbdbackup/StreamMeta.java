package org.vmfinalize.formats.virtnbdbackup;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.yaml.YamlText;

/// What the first frame of a stream says of it, in JSON.
///
/// @param size the virtual size in bytes
/// @param dataSize how many bytes its data frames have
/// @param disk the disk's name in the guest, such as `vda`
/// @param checkpoint what the domain's state was called when the stream was made
/// @param compressed whether the data frames hold LZ4 frames
/// @param parent of an incremental stream, the checkpoint since which it has the changes
record StreamMeta(long size, long dataSize, String disk, String checkpoint, boolean compressed,
        Optional<String> parent) {

    /// 64 TiB: above the largest virtual disk of vSphere, 62 TiB.
    private static final long MAX_SIZE = 1L << 46;

    private static final String LZ4 = "lz4";

    /// Names go into those of files.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /// @param location of the stream, for messages
    static StreamMeta parse(String location, byte[] json) throws FormatException {
        String what = location + ": virtnbdbackup meta frame";
        Map<String, Object> values = YamlText.parse(what, json);
        // It is false, true, or the level.
        boolean compressed = !Boolean.FALSE.equals(values.getOrDefault("compressed", false));
        Object method = values.getOrDefault("compressionMethod", LZ4);
        if (compressed && !method.equals(LZ4)) {
            throw new FormatException(
                    "%s: compressionMethod must be lz4 but was '%s'; restore it: virtnbdrestore -i FOLDER -o NEW, and open that"
                            .formatted(what, method).replaceAll("\\p{Cntrl}", "?"));
        }
        boolean incremental = Boolean.TRUE.equals(values.get("incremental"));
        return new StreamMeta(number(what, values, "virtualSize", 1), number(what, values, "dataSize", 0),
                name(what, values, "diskName"), name(what, values, "checkpointName"), compressed,
                incremental ? Optional.of(name(what, values, "parentCheckpoint")) : Optional.empty());
    }

    private static long number(String what, Map<String, Object> values, String key, long min)
            throws FormatException {
        long value = values.get(key) instanceof Integer || values.get(key) instanceof Long
                ? ((Number) values.get(key)).longValue()
                : -1;
        if (value < min || value > MAX_SIZE) {
            throw new FormatException("%s: %s must be %d..%d but was %s".formatted(what, key, min, MAX_SIZE,
                    values.get(key)).replaceAll("\\p{Cntrl}", "?"));
        }
        return value;
    }

    private static String name(String what, Map<String, Object> values, String key) throws FormatException {
        String name = String.valueOf(values.get(key));
        if (!NAME.matcher(name).matches()) {
            throw new FormatException(
                    "%s: %s must be letters, digits, '.', '_' and '-' but was '%s'".formatted(what, key,
                            name.replaceAll("\\p{Cntrl}", "?")));
        }
        return name;
    }
}
