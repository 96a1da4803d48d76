package org.vmfinalize.digest;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The digests of a disk's leaves, and the one that stands for them all.
///
/// A Merkle tree as RFC 9162, section 2.1.1 defines it, with SHA-256. A leaf that was being written while the tree was made
/// is *unsettled*: it has no digest, and 32 bytes of zero stand for it in the tree.
///
/// **Threads:** any number.
public final class DigestTree {

    /// The length of a digest.
    public static final int DIGEST_BYTES = Digests.BYTES;

    private final Leaves leaves;
    private final byte[] digests;
    private final BitSet unsettled;

    /// @param digests of all leaves, one after another; of those that are unsettled whatever they are
    /// @param unsettled which leaves have no digest
    public DigestTree(Leaves leaves, byte[] digests, BitSet unsettled) {
        if (digests.length != leaves.count() * DIGEST_BYTES || unsettled.length() > leaves.count()) {
            throw new IllegalArgumentException(
                    "digest tree: must have a digest of %d bytes for each of %d leaves but has %d bytes"
                            .formatted(DIGEST_BYTES, leaves.count(), digests.length));
        }
        this.leaves = leaves;
        this.digests = digests.clone();
        this.unsettled = (BitSet) unsettled.clone();
        unsettled.stream().forEach(leaf -> Arrays.fill(this.digests, leaf * DIGEST_BYTES,
                (leaf + 1) * DIGEST_BYTES, (byte) 0));
    }

    /// The digests of all leaves of a disk of zeros, one after another.
    public static byte[] zeros(Leaves leaves) {
        byte[] digests = new byte[leaves.count() * DIGEST_BYTES];
        var zeroLeaves = new LeafReader.ZeroLeaves(leaves);
        for (int i = 0; i < leaves.count(); i++) {
            System.arraycopy(zeroLeaves.digest(leaves.range(i).length()), 0, digests, i * DIGEST_BYTES,
                    DIGEST_BYTES);
        }
        return digests;
    }

    public Leaves leaves() {
        return leaves;
    }

    /// A leaf's digest; zeros if it is unsettled.
    public byte[] digest(int leaf) {
        return Arrays.copyOfRange(digests, leaf * DIGEST_BYTES, (leaf + 1) * DIGEST_BYTES);
    }

    boolean hasDigest(int leaf, byte[] digest) {
        return Arrays.equals(digests, leaf * DIGEST_BYTES, (leaf + 1) * DIGEST_BYTES, digest, 0,
                DIGEST_BYTES);
    }

    public boolean isUnsettled(int leaf) {
        return unsettled.get(leaf);
    }

    /// Whether a leaf was zeros.
    public boolean isZeros(int leaf) {
        long length = leaves.range(leaf).length();
        return hasDigest(leaf, length == leaves.leafBytes() ? wholeLeafOfZeros() : Digests.zeros(length));
    }

    private byte[] wholeLeafOfZeros() {
        var known = zeroLeaf;
        if (known == null) {
            known = Digests.zeros(leaves.leafBytes());
            zeroLeaf = known;
        }
        return known;
    }

    /// Looked for often and dear for long leaves.
    private volatile byte @Nullable [] zeroLeaf;

    /// The digest of the whole disk.
    public byte[] root() {
        return root(0, leaves.count());
    }

    private byte[] root(int from, int end) {
        if (end - from == 1) {
            return digest(from);
        }
        // The left part has the largest power of two of leaves that leaves something for the right part.
        int left = Integer.highestOneBit(end - from - 1);
        return Digests.node(root(from, from + left), root(from + left, end));
    }
}
