package org.vmfinalize.disk;

import java.util.concurrent.atomic.AtomicLongArray;

/// Remembers of some blocks that their slot in [BlockSums] says "the guest wrote it", so that the file need not be asked
/// at each write to a place that the guest writes again and again.
///
/// It may forget, but never says so of a block whose slot says something else. 128 KiB, for the last 2 GiB written to.
///
/// **Threads:** any number. Who changes a block's slot holds the block.
final class KnownGuestBlocks {

    private static final int WORDS = 1 << 14;
    /// The lower half of a word has a bit for each block of a group, the upper one the group's number and one more, so that
    /// an empty word is nobody's.
    private static final int GROUP_SHIFT = 5;
    private static final int GROUP_BLOCKS = 1 << GROUP_SHIFT;

    private final AtomicLongArray words = new AtomicLongArray(WORDS);

    /// Whether all of `[from, end)` are known to be the guest's.
    boolean contain(long from, long end) {
        for (long at = from; at < end; at = nextGroup(at)) {
            long word = words.get(index(at));
            long wanted = bits(at, end);
            if (word >>> Integer.SIZE != tag(at) || (word & wanted) != wanted) {
                return false;
            }
        }
        return true;
    }

    /// Remembers that the slots of `[from, end)` say so.
    void add(long from, long end) {
        for (long at = from; at < end; at = nextGroup(at)) {
            long tag = tag(at);
            long bits = bits(at, end);
            words.accumulateAndGet(index(at), bits,
                    (word, more) -> word >>> Integer.SIZE == tag
                            ? word | more
                            : (tag << Integer.SIZE) | more);
        }
    }

    /// Forgets `[from, end)`.
    void remove(long from, long end) {
        if (end - from >= (long) WORDS * GROUP_BLOCKS) {
            for (int i = 0; i < WORDS; i++) {
                words.set(i, 0);
            }
            return;
        }
        for (long at = from; at < end; at = nextGroup(at)) {
            long tag = tag(at);
            long bits = bits(at, end);
            if (words.get(index(at)) >>> Integer.SIZE == tag) {
                words.accumulateAndGet(index(at), bits,
                        (word, less) -> word >>> Integer.SIZE == tag ? word & ~less : word);
            }
        }
    }

    private static long nextGroup(long block) {
        return ((block >> GROUP_SHIFT) + 1) << GROUP_SHIFT;
    }

    private static int index(long block) {
        return (int) (block >> GROUP_SHIFT) & (WORDS - 1);
    }

    private static long tag(long block) {
        return (block >> GROUP_SHIFT) + 1;
    }

    /// The bits of those blocks in `block`'s group that lie in `[block, end)`.
    private static long bits(long block, long end) {
        int first = (int) block & (GROUP_BLOCKS - 1);
        int count = (int) Math.min(end - block, GROUP_BLOCKS - first);
        return ((1L << count) - 1) << first;
    }
}
