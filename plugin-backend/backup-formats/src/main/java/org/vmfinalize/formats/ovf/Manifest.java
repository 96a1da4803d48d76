package org.vmfinalize.formats.ovf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.machine.Checksums;

/// The checksums of a package's files (section 5.1): lines of `SHA256(NAME)= HEX`, in a file that is called as the
/// descriptor but ends in `.mf`.
///
/// A certificate that signs the manifest is not looked at: it would tell who made the package, not whether it is whole.
final class Manifest implements Checksums {

    private static final int MAX_BYTES = 1 << 20;
    private static final int READ_BYTES = 1 << 20;
    private static final Pattern LINE = Pattern
            .compile("SHA-?(1|256|384|512)\\s*\\(([^()]{1,255})\\)\\s*=\\s*([0-9A-Fa-f]{40,128})");

    /// @param algorithm as [MessageDigest] has it
    /// @param hex in lower case
    private record Entry(String algorithm, String hex) {}

    private final BackupFile descriptor;
    private final Map<String, Entry> entries;

    private Manifest(BackupFile descriptor, Map<String, Entry> entries) {
        this.descriptor = descriptor;
        this.entries = Map.copyOf(entries);
    }

    /// Reads a manifest.
    ///
    /// @param descriptor what the files that are named lie beside
    static Manifest read(BackupFile file, BackupFile descriptor) throws IOException {
        if (file.size() > MAX_BYTES) {
            throw new FormatException("%s: a manifest must have at most %d bytes but has %d".formatted(
                    file.location(), MAX_BYTES, file.size()));
        }
        var bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        var entries = new LinkedHashMap<String, Entry>();
        int number = 0;
        for (var line : (Iterable<String>) new String(bytes.array(), StandardCharsets.UTF_8)
                .lines()::iterator) {
            number++;
            if (!line.isBlank()) {
                add(entries, file, number, line.strip());
            }
        }
        return new Manifest(descriptor, entries);
    }

    private static void add(Map<String, Entry> entries, BackupFile file, int number, String line)
            throws FormatException {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new FormatException(
                    "%s: line %d of a manifest must be ALGORITHM(FILE)= HEX but is not".formatted(
                            file.location(), number));
        }
        String name = matcher.group(2).strip();
        var entry = new Entry("SHA-" + matcher.group(1), matcher.group(3).toLowerCase(Locale.ROOT));
        if (name.contains("/") || name.contains("\\")) {
            throw new FormatException(
                    "%s: line %d of a manifest must name a file without folders but names '%s'"
                            .formatted(file.location(), number, name));
        }
        if (entries.put(name, entry) != null) {
            throw new FormatException(
                    "%s: line %d of a manifest must be the only one for '%s' but is not".formatted(
                            file.location(), number, name));
        }
    }

    /// Compares the descriptor alone, which is small.
    void verifyDescriptor() throws IOException {
        Entry entry = entries.get(descriptor.name());
        if (entry != null) {
            verify(descriptor, entry, _ -> {
            });
        }
    }

    @Override
    public List<String> verify(LongConsumer progress) throws IOException {
        List<String> verified = new ArrayList<>();
        for (var entry : entries.entrySet()) {
            if (entry.getKey().equals(descriptor.name())) {
                verify(descriptor, entry.getValue(), progress);
                verified.add(descriptor.location());
            } else {
                try (var file = descriptor.sibling(entry.getKey())) {
                    verify(file, entry.getValue(), progress);
                    verified.add(file.location());
                }
            }
        }
        return verified;
    }

    private static void verify(BackupFile file, Entry entry, LongConsumer progress) throws IOException {
        MessageDigest digest = digest(entry.algorithm());
        var buffer = ByteBuffer.allocate(READ_BYTES);
        for (long position = 0; position < file.size(); position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(READ_BYTES, file.size() - position));
            file.read(buffer, position);
            digest.update(buffer.flip());
            progress.accept(buffer.limit());
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(entry.hex())) {
            throw new FormatException(
                    "%s: the checksum %s must be %s, by the manifest, but was %s; the file was changed or damaged"
                            .formatted(file.location(), entry.algorithm(), entry.hex(), actual));
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has " + algorithm, e);
        }
    }
}
