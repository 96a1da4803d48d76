package org.vmfinalize.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Looks at a disk part by part.
///
/// What is local the block map tells exactly. Who wrote it is only in the file of the sums, which has a thousandth of the
/// disk's size: of a part of more than [#SAMPLED_BLOCKS] blocks only so many are asked, in [#WINDOWS] places.
///
/// **Threads:** any number; what changes meanwhile is seen or not.
final class DiskCells {

    private static final int SAMPLED_BLOCKS = 512;
    private static final int WINDOWS = 4;
    private static final long BLOCK = BlockMap.BLOCK_BYTES;

    private final BlockMap map;
    private final BlockSums sums;
    private final long size;

    DiskCells(BlockMap map, BlockSums sums, long size) {
        this.map = map;
        this.sums = sums;
        this.size = size;
    }

    List<DiskCell> list(int wanted) throws IOException {
        long blocks = map.blockCount();
        int count = (int) Math.clamp(wanted, 1, blocks);
        var cells = new ArrayList<DiskCell>(count);
        for (int i = 0; i < count; i++) {
            // The quotient and the rest apart: their product with the largest disk's blocks would still fit, but barely.
            cells.add(cell(blocks / count * i + blocks % count * i / count,
                    blocks / count * (i + 1) + blocks % count * (i + 1) / count));
        }
        return cells;
    }

    private DiskCell cell(long from, long end) throws IOException {
        long cellBytes = Math.min(size, end * BLOCK) - from * BLOCK;
        long local = Math.min(cellBytes, map.countLocal(from, end) * BLOCK);
        long guest = local == 0 ? 0 : Math.min(local, (long) (guestShare(from, end) * cellBytes));
        return new DiskCell(cellBytes, local, guest);
    }

    private double guestShare(long from, long end) throws IOException {
        long blocks = end - from;
        if (sums.isUnknown(from, end)) {
            return 0;
        }
        if (blocks <= SAMPLED_BLOCKS) {
            return (double) guestBlocks(from, (int) blocks) / blocks;
        }
        int window = SAMPLED_BLOCKS / WINDOWS;
        long found = 0;
        for (int i = 0; i < WINDOWS; i++) {
            found += guestBlocks(from + blocks / WINDOWS * i, window);
        }
        return (double) found / SAMPLED_BLOCKS;
    }

    private int guestBlocks(long from, int count) throws IOException {
        int found = 0;
        for (int slot : sums.slots(from, count)) {
            if (slot == BlockSums.GUEST) {
                found++;
            }
        }
        return found;
    }
}
