package org.example.split;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;

/// What the list of parts says. It is a text file:
///
///     split-raw 1
///     1073741824 disk.raw.aa
///     4096 disk.raw.ab
///
/// that is the format's name and version, then for each part its bytes and its file's name, in order.
///
/// @param parts at least one
record PartList(List<Part> parts) {

    static final String MAGIC = "split-raw 1\n";

    // What is read comes from anywhere, so everything has a bound.
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_PARTS = 512;
    private static final long MAX_PART_BYTES = 1L << 50;

    /// A part of the disk.
    ///
    /// @param size in bytes, at least 1
    record Part(long size, String name) {}

    static boolean isMagicOf(BackupFile file) throws IOException {
        if (file.size() < MAGIC.length()) {
            return false;
        }
        var start = ByteBuffer.allocate(MAGIC.length());
        file.read(start, 0);
        return MAGIC.equals(new String(start.array(), UTF_8));
    }

    static PartList read(BackupFile file) throws IOException {
        if (file.size() > MAX_BYTES) {
            throw new FormatException("%s: a list of parts must be at most %d bytes but is %d".formatted(file
                    .location(), MAX_BYTES, file.size()));
        }
        var text = ByteBuffer.allocate((int) file.size());
        file.read(text, 0);
        var lines = new String(text.array(), UTF_8).substring(MAGIC.length()).lines().toList();
        if (lines.isEmpty() || lines.size() > MAX_PARTS) {
            throw new FormatException("%s: must list 1 to %d parts but lists %d".formatted(file.location(),
                    MAX_PARTS, lines.size()));
        }
        var parts = new ArrayList<Part>();
        for (var line : lines) {
            parts.add(part(file, line));
        }
        return new PartList(List.copyOf(parts));
    }

    private static Part part(BackupFile file, String line) throws FormatException {
        int space = line.indexOf(' ');
        String size = space < 0 ? "" : line.substring(0, space);
        if (!size.matches("[0-9]{1,16}") || Long.parseLong(size) < 1
                || Long.parseLong(size) > MAX_PART_BYTES) {
            throw new FormatException(
                    "%s: a line must be a size of 1 to %d bytes, a blank and a file's name but was '%s'"
                            .formatted(file.location(), MAX_PART_BYTES, line.replaceAll("\\p{Cntrl}", "?")));
        }
        return new Part(Long.parseLong(size), line.substring(space + 1));
    }
}
