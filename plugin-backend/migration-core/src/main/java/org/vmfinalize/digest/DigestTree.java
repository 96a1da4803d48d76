package org.vmfinalize.digest;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;

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
    private final byte[] locators;
    private final BitSet unsettled;

    /// A tree that only tells which leaf is wrong.
    public DigestTree(Leaves leaves, byte[] digests, BitSet unsettled) {
        this(leaves, digests, new byte[0], unsettled);
    }

    /// @param digests of all leaves, one after another; of those that are unsettled whatever they are
    /// @param locators of all leaves, one after another, of [#locatorBytes] each; none: it only tells which leaf is wrong
    /// @param unsettled which leaves have no digest
    public DigestTree(Leaves leaves, byte[] digests, byte[] locators, BitSet unsettled) {
        if (digests.length != leaves.count() * DIGEST_BYTES || unsettled.length() > leaves.count()) {
            throw new IllegalArgumentException(
                    "digest tree: must have a digest of %d bytes for each of %d leaves but has %d bytes"
                            .formatted(DIGEST_BYTES, leaves.count(), digests.length));
        }
        if (locators.length > 0 && locators.length != leaves.count() * locatorBytes(leaves)) {
            throw new IllegalArgumentException(
                    "digest tree: must have locators of %d bytes for each of %d leaves but has %d bytes"
                            .formatted(locatorBytes(leaves), leaves.count(), locators.length));
        }
        this.leaves = leaves;
        this.digests = digests.clone();
        this.locators = locators.clone();
        this.unsettled = (BitSet) unsettled.clone();
        unsettled.stream().forEach(leaf -> Arrays.fill(this.digests, leaf * DIGEST_BYTES,
                (leaf + 1) * DIGEST_BYTES, (byte) 0));
    }

    /// How long the locator of one leaf is.
    public static int locatorBytes(Leaves leaves) {
        return LeafLocator.bytes(leaves);
    }

    /// The digests of all leaves of a disk of zeros, one after another.
    public static byte[] zeros(Leaves leaves) {
        return ofZeros(leaves, DIGEST_BYTES, LeafReader.Leaf::digest);
    }

    /// The locators of all leaves of a disk of zeros, one after another.
    public static byte[] zeroLocators(Leaves leaves) {
        return ofZeros(leaves, locatorBytes(leaves), LeafReader.Leaf::locator);
    }

    private static byte[] ofZeros(Leaves leaves, int length, Function<LeafReader.Leaf, byte[]> part) {
        byte[] all = new byte[leaves.count() * length];
        var zeroLeaves = new LeafReader.ZeroLeaves(leaves);
        for (int i = 0; i < leaves.count(); i++) {
            System.arraycopy(part.apply(zeroLeaves.leaf(leaves.range(i).length())), 0, all, i * length,
                    length);
        }
        return all;
    }

    public Leaves leaves() {
        return leaves;
    }

    /// A leaf's digest; zeros if it is unsettled.
    public byte[] digest(int leaf) {
        return Arrays.copyOfRange(digests, leaf * DIGEST_BYTES, (leaf + 1) * DIGEST_BYTES);
    }

    /// Whether it can tell which block of a leaf is wrong.
    public boolean hasLocators() {
        return locators.length > 0;
    }

    /// A leaf's locator, if there are any.
    public byte[] locator(int leaf) {
        int length = locatorBytes(leaves);
        return Arrays.copyOfRange(locators, leaf * length, (leaf + 1) * length);
    }

    /// Where a wrong leaf is wrong first: a block if that can be told, else a run of blocks.
    ///
    /// @param found the locator that it has now
    ByteRange firstWrong(int leaf, byte[] found) {
        var range = leaves.range(leaf);
        return Optional.of(leaf).filter(_ -> hasLocators())
                .flatMap(_ -> LeafLocator.firstWrong(leaves, locator(leaf), found))
                .map(wrong -> ByteRange.of(range.start() + wrong.start(), wrong.length()).within(range))
                .orElse(range);
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
