package org.vmfinalize.digest;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.vmfinalize.backup.ByteRange;

/// Words of 16 bits that lead to the first wrong block of a leaf whose digest is wrong.
///
/// The blocks of 4 KiB of a leaf stand in 16 rows, one row behind the other. A block's sum is its CRC-32C, whose upper half
/// is added to the lower one by exclusive or. All words are big-endian.
///
///     word    meaning
///     0..15   each row's sum: the exclusive or of the sums of its blocks
///     16 + k  the exclusive or of the sums of all blocks whose number in their row has bit k set
///
/// So the first wrong row is known, which is the block itself in leaves of 16 blocks; and in longer leaves the block, if it
/// is the only one that is wrong. It takes 32 to 58 bytes. It proves nothing: that is the digest's part.
///
/// Not safe for threads.
final class LeafLocator {

    static final int BLOCK_BYTES = 4096;

    private static final int ROWS = 16;
    private static final int ZERO_BLOCK = sum(new CRC32C(), new byte[BLOCK_BYTES], 0, BLOCK_BYTES);

    private final int rowBits;
    private final byte[] words;
    private final CRC32C crc = new CRC32C();

    LeafLocator(Leaves leaves) {
        this.rowBits = rowBits(leaves);
        this.words = new byte[bytes(leaves)];
    }

    /// How many bits number the blocks of a row.
    private static int rowBits(Leaves leaves) {
        return Long.numberOfTrailingZeros(leaves.leafBytes() / ROWS / BLOCK_BYTES);
    }

    /// How long the words of one leaf are.
    static int bytes(Leaves leaves) {
        return Short.BYTES * (ROWS + rowBits(leaves));
    }

    void clear() {
        Arrays.fill(words, (byte) 0);
    }

    /// Adds bytes of the leaf, which begin with a block.
    ///
    /// @param position of the first one in the leaf
    void add(long position, byte[] bytes, int length) {
        for (int at = 0; at < length; at += BLOCK_BYTES) {
            add((position + at) / BLOCK_BYTES, sum(crc, bytes, at, Math.min(BLOCK_BYTES, length - at)));
        }
    }

    /// Adds zeros.
    void addZeros(long position, long length) {
        long whole = length / BLOCK_BYTES;
        for (long i = 0; i < whole; i++) {
            add(position / BLOCK_BYTES + i, ZERO_BLOCK);
        }
        int rest = (int) (length % BLOCK_BYTES);
        if (rest > 0) {
            add(position + whole * BLOCK_BYTES, new byte[rest], rest);
        }
    }

    private void add(long block, int sum) {
        toggle((int) (block >> rowBits), sum);
        for (int bit = 0; bit < rowBits; bit++) {
            if ((block >> bit & 1) == 1) {
                toggle(ROWS + bit, sum);
            }
        }
    }

    private void toggle(int word, int sum) {
        words[2 * word] ^= (byte) (sum >> 8);
        words[2 * word + 1] ^= (byte) sum;
    }

    private static int sum(CRC32C crc, byte[] bytes, int from, int length) {
        crc.reset();
        crc.update(bytes, from, length);
        return (int) (crc.getValue() ^ crc.getValue() >>> 16) & 0xffff;
    }

    byte[] words() {
        return words.clone();
    }

    /// The first wrong block of a leaf, or the row of blocks in which it is.
    ///
    /// @param right the words that the leaf should have
    /// @param found those that it has
    /// @return in the leaf, possibly behind its end; empty if the words do not tell
    static Optional<ByteRange> firstWrong(Leaves leaves, byte[] right, byte[] found) {
        int row = 0;
        while (row < ROWS && difference(right, found, row) == 0) {
            row++;
        }
        if (row == ROWS) {
            return Optional.empty();
        }
        int rowBits = rowBits(leaves);
        long rowBytes = (long) BLOCK_BYTES << rowBits;
        int wrong = difference(right, found, row);
        long block = 0;
        for (int i = row + 1; i < ROWS; i++) {
            if (rowBits > 0 && difference(right, found, i) != 0) {
                return Optional.of(ByteRange.of(row * rowBytes, rowBytes));
            }
        }
        for (int bit = 0; bit < rowBits; bit++) {
            int difference = difference(right, found, ROWS + bit);
            if (difference != 0 && difference != wrong) {
                return Optional.of(ByteRange.of(row * rowBytes, rowBytes)); // several blocks of the row
            }
            block |= difference == 0 ? 0 : 1L << bit;
        }
        return Optional.of(ByteRange.of(row * rowBytes + block * BLOCK_BYTES, BLOCK_BYTES));
    }

    private static int difference(byte[] right, byte[] found, int word) {
        return ((right[2 * word] ^ found[2 * word]) & 0xff) << 8
                | ((right[2 * word + 1] ^ found[2 * word + 1]) & 0xff);
    }
}
