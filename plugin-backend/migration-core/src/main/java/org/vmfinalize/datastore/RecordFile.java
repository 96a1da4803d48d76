package org.vmfinalize.datastore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.disk.DamagedStateException;
import org.vmfinalize.disk.Volume;

/// A small text file that is replaced as a whole, ends with its checksum, and has a copy beside it.
///
/// **Durability:** after a crash during [#write] the old text is there, or the new one.
final class RecordFile {

    private static final Logger LOG = LoggerFactory.getLogger(RecordFile.class);
    private static final String CHECKSUM = "checksum=";
    private static final int CHECKSUM_LINE = CHECKSUM.length() + 8 + 1;
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final Path copy;

    RecordFile(Path file) {
        this.file = file;
        this.copy = file.resolveSibling(file.getFileName() + ".copy");
    }

    /// Whether there is something to read.
    boolean exists() {
        return Files.exists(file) || Files.exists(copy);
    }

    /// Replaces the text.
    ///
    /// @param text ends with a line's end
    void write(Volume volume, String text) throws IOException {
        byte[] bytes = (text + CHECKSUM + checksum(text) + "\n").getBytes(StandardCharsets.UTF_8);
        replace(volume, file, bytes);
        replace(volume, copy, bytes);
    }

    private static void replace(Volume volume, Path target, byte[] bytes) throws IOException {
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        volume.delete(fresh);
        try (var open = volume.create(fresh)) {
            open.write(ByteBuffer.wrap(bytes), 0);
            open.force();
        }
        volume.rename(fresh, target);
        volume.forceFolder(Objects.requireNonNull(target.getParent()));
    }

    /// Removes text and copy.
    void delete(Volume volume) throws IOException {
        volume.delete(file);
        volume.delete(copy);
        volume.forceFolder(Objects.requireNonNull(file.getParent()));
    }

    /// The text, or else that of the copy.
    ///
    /// @throws DamagedStateException if both are damaged or missing
    String read() throws IOException {
        try {
            return read(file);
        } catch (DamagedStateException e) {
            try {
                String text = read(copy);
                LOG.warn("{}; its copy is sound and is used", e.getMessage());
                return text;
            } catch (DamagedStateException alsoBad) {
                e.addSuppressed(alsoBad);
                throw e;
            }
        }
    }

    private static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            throw damaged(file, "must be a file of at most %d bytes".formatted(MAX_BYTES));
        }
        String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        int end = all.length() - CHECKSUM_LINE;
        String text = all.substring(0, Math.max(0, end));
        if (end < 0 || !all.substring(end).equals(CHECKSUM + checksum(text) + "\n")) {
            throw damaged(file, "must end with the checksum of its text");
        }
        return text;
    }

    private static DamagedStateException damaged(Path file, String what) {
        return new DamagedStateException(
                "%s: %s; put it back from a copy of the datastore".formatted(file, what));
    }

    private static String checksum(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
