package org.vmfinalize.receipts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.digest.DiskCheck;
import org.vmfinalize.disk.MissingBlocks;

/// What a disk's file is, compared with a receipt.
///
/// @param disk its name
/// @param file its file
/// @param right whether all bytes of which something is known are as they were when it was sealed
/// @param wrong the first block that is not, or, where that cannot be told, the run of blocks that has it
/// @param wrongLeaves how many such leaves there are
/// @param unsettledLeaves of how many leaves nothing is known, since the guest was writing them
/// @param writtenSince whether the file's time says that it was written after it was sealed
public record DiskFound(String disk, String file, boolean right, @Nullable Wrong wrong, int wrongLeaves,
        int unsettledLeaves, boolean writtenSince) {

    /// Bytes that are not as they were.
    ///
    /// @param offset of its first byte on the disk
    public record Wrong(long offset, long length) {}

    /// Reads the whole file.
    ///
    /// @throws IOException if it cannot be read, or has another length than the disk, or the disk has no digests
    public static DiskFound check(Receipt.Disk disk, Path file, int threads) throws IOException {
        var form = disk.tree();
        if (form == null) {
            throw new IOException(
                    "disk %s: must have digests in the receipt but has none, since it was not verified"
                            .formatted(disk.name()));
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("disk %s: its file must be %s but there is none; name the file"
                    .formatted(disk.name(), file));
        }
        boolean writtenSince = Files.getLastModifiedTime(file).toInstant().isAfter(form.modifiedAt());
        var result = DiskCheck.check(file, TreeForm.read(disk.sizeBytes(), form), threads);
        return new DiskFound(disk.name(), file.toString(), result.isRight(),
                result.firstWrong().map(DiskFound::wrong).orElse(null), result.wrongLeaves(),
                result.unsettledLeaves(), writtenSince);
    }

    private static Wrong wrong(ByteRange range) {
        return new Wrong(range.start(), range.length());
    }

    /// One line for people.
    public String text() {
        String unsaid = unsettledLeaves == 0
                ? ""
                : "; of %d leaves nothing is known, since the guest wrote them while the disk was sealed"
                        .formatted(unsettledLeaves);
        if (wrong == null) {
            return "disk %s: right, as it was when it was sealed%s".formatted(disk, unsaid);
        }
        String first = wrong.length <= MissingBlocks.BLOCK_BYTES
                ? "its block of %d bytes at %d is the first that"
                : "among its %d bytes at %d is the first block that";
        return "disk %s: wrong: %s changed since it was sealed, %d leaves in all; %s%s".formatted(disk,
                first.formatted(wrong.length, wrong.offset), wrongLeaves,
                writtenSince
                        ? "its file was written since, by the guest or by something else"
                        : "its file was not written since, so its storage has damaged it",
                unsaid);
    }
}
