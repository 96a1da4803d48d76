package org.vmfinalize.digest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.vmfinalize.backup.ByteRange;

/// Digests one leaf at a time. Not safe for threads; has a buffer of 1 MiB, and skips holes.
final class LeafReader {

    private static final int PIECE_BYTES = 1 << 20;

    private final Content content;
    private final ByteBuffer buffer = ByteBuffer.allocate(PIECE_BYTES);
    private final byte[] zeros = new byte[PIECE_BYTES];
    private final ZeroLeaves zeroLeaves;
    private final LeafLocator locator;

    LeafReader(Content content, ZeroLeaves zeroLeaves) {
        this.content = content;
        this.zeroLeaves = zeroLeaves;
        this.locator = new LeafLocator(zeroLeaves.leaves);
    }

    /// What is kept of a leaf.
    ///
    /// @param locator see [LeafLocator]
    @SuppressWarnings("ArrayRecordComponent") // never compared, nor changed
    record Leaf(byte[] digest, byte[] locator) {}

    /// The bytes of a disk.
    interface Content {

        /// Fills `target` with the bytes at `position`.
        void read(ByteBuffer target, long position) throws IOException;

        /// The first byte in `[position, end)` that may be stored; `end` if all is a hole, which reads as zeros.
        long nextData(long position, long end) throws IOException;

        /// Is told of a range that was not read because it is a hole.
        default void skipped(ByteRange hole) throws IOException {}
    }

    Leaf read(ByteRange leaf) throws IOException {
        if (content.nextData(leaf.start(), leaf.end()) == leaf.end()) {
            content.skipped(leaf);
            return zeroLeaves.leaf(leaf.length());
        }
        var digest = Digests.leaf();
        locator.clear();
        for (long at = leaf.start(); at < leaf.end(); at += PIECE_BYTES) {
            addPiece(digest, at - leaf.start(), new ByteRange(at, Math.min(leaf.end(), at + PIECE_BYTES)));
        }
        return new Leaf(digest.digest(), locator.words());
    }

    /// @param position the piece's in its leaf
    private void addPiece(MessageDigest digest, long position, ByteRange piece) throws IOException {
        int length = (int) piece.length();
        if (content.nextData(piece.start(), piece.end()) == piece.end()) {
            content.skipped(piece);
            digest.update(zeros, 0, length);
            locator.addZeros(position, length);
            return;
        }
        buffer.clear().limit(length);
        content.read(buffer, piece.start());
        if (buffer.hasRemaining()) {
            throw new IOException(
                    "%d bytes too few were read at %d".formatted(buffer.remaining(), piece.start()));
        }
        digest.update(buffer.array(), 0, length);
        locator.add(position, buffer.array(), length);
    }

    /// Leaves of zeros, of which there are two lengths at most.
    static final class ZeroLeaves {

        private final Leaves leaves;
        private final Leaf whole;
        private final Leaf last;

        ZeroLeaves(Leaves leaves) {
            this.leaves = leaves;
            this.whole = zeros(leaves.leafBytes());
            this.last = zeros(leaves.range(leaves.count() - 1).length());
        }

        private Leaf zeros(long length) {
            var locator = new LeafLocator(leaves);
            locator.addZeros(0, length);
            return new Leaf(Digests.zeros(length), locator.words());
        }

        /// Others must not change it.
        Leaf leaf(long length) {
            return length == leaves.leafBytes() ? whole : last;
        }
    }
}
