package org.vmfinalize.digest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.vmfinalize.backup.ByteRange;

/// Digests one leaf at a time. Not safe for threads; has a buffer of 1 MiB, and skips holes.
final class LeafReader {

    private static final int PIECE_BYTES = 1 << 20;

    private final Content content;
    private final ByteBuffer buffer = ByteBuffer.allocate(PIECE_BYTES);
    private final byte[] zeros = new byte[PIECE_BYTES];
    private final ZeroLeaves zeroLeaves;

    LeafReader(Content content, ZeroLeaves zeroLeaves) {
        this.content = content;
        this.zeroLeaves = zeroLeaves;
    }

    /// The bytes of a disk.
    interface Content {

        /// Fills `target` with the bytes at `position`.
        void read(ByteBuffer target, long position) throws IOException;

        /// The first byte in `[position, end)` that may be stored; `end` if all is a hole, which reads as zeros.
        long nextData(long position, long end) throws IOException;

        /// Is told of a range that was not read because it is a hole.
        default void skipped(ByteRange hole) throws IOException {}
    }

    byte[] digest(ByteRange leaf) throws IOException {
        if (content.nextData(leaf.start(), leaf.end()) == leaf.end()) {
            content.skipped(leaf);
            return zeroLeaves.digest(leaf.length());
        }
        var digest = Digests.leaf();
        for (long at = leaf.start(); at < leaf.end(); at += PIECE_BYTES) {
            addPiece(digest, new ByteRange(at, Math.min(leaf.end(), at + PIECE_BYTES)));
        }
        return digest.digest();
    }

    private void addPiece(MessageDigest digest, ByteRange piece) throws IOException {
        int length = (int) piece.length();
        if (content.nextData(piece.start(), piece.end()) == piece.end()) {
            content.skipped(piece);
            digest.update(zeros, 0, length);
            return;
        }
        buffer.clear().limit(length);
        content.read(buffer, piece.start());
        if (buffer.hasRemaining()) {
            throw new IOException(
                    "%d bytes too few were read at %d".formatted(buffer.remaining(), piece.start()));
        }
        digest.update(buffer.array(), 0, length);
    }

    /// The digests of leaves of zeros, of which there are two lengths at most.
    static final class ZeroLeaves {

        private final byte[] whole;
        private final byte[] last;
        private final long leafBytes;

        ZeroLeaves(Leaves leaves) {
            this.leafBytes = leaves.leafBytes();
            this.whole = Digests.zeros(leafBytes);
            this.last = Digests.zeros(leaves.range(leaves.count() - 1).length());
        }

        byte[] digest(long length) {
            byte[] digest = length == leafBytes ? whole : last;
            return Arrays.copyOf(digest, digest.length);
        }
    }
}
