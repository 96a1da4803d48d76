package org.vmfinalize.lab.guest;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.vmfinalize.lab.backup.ReferenceDisk;

/// The comparison of a whole disk with what it must be.
///
/// @param expectedSha256 of what it must be
/// @param actualSha256 of what was read
/// @param firstDifference the position of the first wrong byte, if there is one
public record DiskCheck(String expectedSha256, String actualSha256, OptionalLong firstDifference) {

    private static final int PART_BYTES = 1 << 20;

    /// Whether every byte is as it must be.
    public boolean isIdentical() {
        return firstDifference.isEmpty() && expectedSha256.equals(actualSha256);
    }

    /// Reads the disk through NFS, on a connection of its own.
    public static DiskCheck throughNfs(NfsAddress address, String export, String path, ReferenceDisk expected)
            throws IOException {
        try (var file = NfsFile.open(address, export, List.of(path.split("/")), (_, _) -> new byte[0])) {
            requireSize(path, file.size(), expected.size());
            return compare(file::read, expected);
        }
    }

    /// Reads the flat file where it lies.
    public static DiskCheck ofFile(Path flatFile, ReferenceDisk expected) throws IOException {
        try (var channel = FileChannel.open(flatFile)) {
            requireSize(flatFile.toString(), channel.size(), expected.size());
            return compare((target, position) -> {
                for (long at = position; target.hasRemaining();) {
                    int length = channel.read(target, at);
                    if (length < 0) {
                        throw new EOFException("%s: ends at %d".formatted(flatFile, at));
                    }
                    at += length;
                }
            }, expected);
        }
    }

    private interface Reader {
        void read(ByteBuffer target, long position) throws IOException;
    }

    private static DiskCheck compare(Reader actual, ReferenceDisk expected) throws IOException {
        var actualDigest = sha256();
        var expectedDigest = sha256();
        var difference = OptionalLong.empty();
        var found = ByteBuffer.allocate(PART_BYTES);
        var wanted = ByteBuffer.allocate(PART_BYTES);
        for (long position = 0; position < expected.size(); position += PART_BYTES) {
            int length = (int) Math.min(PART_BYTES, expected.size() - position);
            actual.read(found.clear().limit(length), position);
            expected.read(wanted.clear().limit(length), position);
            int mismatch = found.flip().mismatch(wanted.flip());
            if (mismatch >= 0 && difference.isEmpty()) {
                difference = OptionalLong.of(position + mismatch);
            }
            actualDigest.update(found);
            expectedDigest.update(wanted);
        }
        var hex = HexFormat.of();
        return new DiskCheck(hex.formatHex(expectedDigest.digest()), hex.formatHex(actualDigest.digest()),
                difference);
    }

    private static void requireSize(String disk, long size, long expected) throws IOException {
        if (size != expected) {
            throw new IOException("%s: must have %d bytes but has %d".formatted(disk, expected, size));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
