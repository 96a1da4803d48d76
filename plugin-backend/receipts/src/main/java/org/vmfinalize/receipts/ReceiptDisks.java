package org.vmfinalize.receipts;

import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.DiskCounters;
import org.vmfinalize.disk.MissingBlocks;
import org.vmfinalize.finalization.VerifiedDisk;

/// Puts into a receipt what is known of a disk.
public final class ReceiptDisks {

    private static final int BLOCK = MissingBlocks.BLOCK_BYTES;

    private ReceiptDisks() {}

    /// What a receipt says of a disk.
    ///
    /// @param counters why each block became local, if that is still known
    /// @param verified whose the blocks are, if the disk was verified; then that counts
    public static Receipt.Disk of(String name, String file, long sizeBytes, @Nullable DiskCounters counters,
            @Nullable VerifiedDisk verified) {
        if (verified != null) {
            var blocks = verified.blocks();
            return new Receipt.Disk(name, file, sizeBytes,
                    new Receipt.Blocks(BLOCK, blocks.backup(), blocks.guest(), blocks.zeros()),
                    TreeForm.of(verified.tree(), verified.modifiedAt()));
        }
        return new Receipt.Disk(name, file, sizeBytes, counters == null ? null : blocks(counters), null);
    }

    private static Receipt.Blocks blocks(DiskCounters counters) {
        long total = Math.ceilDiv(counters.sizeBytes(), (long) BLOCK);
        long backup = Math.ceilDiv(counters.hydratedBytes(), (long) BLOCK);
        long zeros = Math.min(total - backup, Math.ceilDiv(counters.zeroBytes(), (long) BLOCK));
        return new Receipt.Blocks(BLOCK, backup, total - backup - zeros, zeros);
    }
}
