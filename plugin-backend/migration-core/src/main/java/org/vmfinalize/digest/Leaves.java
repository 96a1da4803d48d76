package org.vmfinalize.digest;

import org.vmfinalize.backup.ByteRange;

/// How a disk is cut into the leaves of its digest tree: runs of equal length, of which the last may be shorter.
///
/// @param sizeBytes the disk's size, at least 1
/// @param leafBytes a power of two, at least 64 KiB
public record Leaves(long sizeBytes, long leafBytes) {

    /// So many at most: 4 MiB of digests for a disk of any size.
    static final int MAX_COUNT = 1 << 17;

    static final long MIN_LEAF_BYTES = 64 << 10;

    public Leaves {
        if (sizeBytes < 1 || leafBytes < MIN_LEAF_BYTES || Long.bitCount(leafBytes) != 1
                || Math.ceilDiv(sizeBytes, leafBytes) > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "leaves of a disk of %d bytes: their length must be a power of two, at least %d, and at least the size / %d but was %d"
                            .formatted(sizeBytes, MIN_LEAF_BYTES, MAX_COUNT, leafBytes));
        }
    }

    /// The shortest leaves that are not too many: 64 KiB up to 8 GiB, 1 MiB up to 128 GiB, 8 MiB up to 1 TiB.
    public static Leaves of(long sizeBytes) {
        long leafBytes = MIN_LEAF_BYTES;
        while (Math.ceilDiv(sizeBytes, leafBytes) > MAX_COUNT) {
            leafBytes *= 2;
        }
        return new Leaves(sizeBytes, leafBytes);
    }

    public int count() {
        return (int) Math.ceilDiv(sizeBytes, leafBytes);
    }

    public ByteRange range(int leaf) {
        long start = leaf * leafBytes;
        return new ByteRange(start, Math.min(sizeBytes, start + leafBytes));
    }

    int at(long position) {
        return (int) (position / leafBytes);
    }
}
