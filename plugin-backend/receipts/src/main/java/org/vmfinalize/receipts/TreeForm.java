package org.vmfinalize.receipts;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.vmfinalize.digest.DigestTree;
import org.vmfinalize.digest.Leaves;

/// Turns a digest tree into its form in a receipt, and back.
public final class TreeForm {

    private static final String HASH = "SHA-256";

    private TreeForm() {}

    /// A tree's form.
    ///
    /// @param modifiedAt of the file, before the disk was sealed
    public static Receipt.Tree of(DigestTree tree, Instant modifiedAt) {
        return new Receipt.Tree(HASH, tree.leaves().leafBytes(), HexFormat.of().formatHex(tree.root()),
                runs(tree), unsettled(tree), modifiedAt);
    }

    private static List<Receipt.Run> runs(DigestTree tree) {
        var runs = new ArrayList<Receipt.Run>();
        int count = tree.leaves().count();
        for (int leaf = 0; leaf < count; leaf++) {
            int first = leaf;
            while (leaf < count && !tree.isUnsettled(leaf) && !tree.isZeros(leaf)) {
                leaf++;
            }
            if (leaf > first) {
                runs.add(new Receipt.Run(first, base64(first, leaf, tree::digest),
                        tree.hasLocators() ? base64(first, leaf, tree::locator) : null));
            }
        }
        return runs;
    }

    private static String base64(int first, int end, IntFunction<byte[]> part) {
        var all = new ByteArrayOutputStream();
        for (int leaf = first; leaf < end; leaf++) {
            all.writeBytes(part.apply(leaf));
        }
        return Base64.getEncoder().encodeToString(all.toByteArray());
    }

    private static List<Receipt.Span> unsettled(DigestTree tree) {
        var spans = new ArrayList<Receipt.Span>();
        int count = tree.leaves().count();
        for (int leaf = 0; leaf < count; leaf++) {
            int first = leaf;
            while (leaf < count && tree.isUnsettled(leaf)) {
                leaf++;
            }
            if (leaf > first) {
                spans.add(new Receipt.Span(first, leaf - first));
            }
        }
        return spans;
    }

    /// Reads the form of the tree of a disk of `sizeBytes`.
    ///
    /// @throws IllegalArgumentException if it contradicts itself
    static DigestTree read(long sizeBytes, Receipt.Tree form) {
        if (!form.hash().equals(HASH)) {
            throw new IllegalArgumentException("hash: must be %s but was '%s'".formatted(HASH, form.hash()));
        }
        var leaves = new Leaves(sizeBytes, form.leafBytes());
        byte[] digests = DigestTree.zeros(leaves);
        boolean located = form.leaves().stream().allMatch(run -> run.locators() != null);
        byte[] locators = located ? DigestTree.zeroLocators(leaves) : new byte[0];
        for (var run : form.leaves()) {
            copy(run.digests(), digests, run.first(), DigestTree.DIGEST_BYTES, leaves);
            if (located) {
                copy(Objects.requireNonNull(run.locators()), locators, run.first(),
                        DigestTree.locatorBytes(leaves), leaves);
            }
        }
        var unsettled = new BitSet();
        for (var span : form.unsettled()) {
            requireInside(span.first(), span.count(), leaves);
            unsettled.set(span.first(), span.first() + span.count());
        }
        var read = new DigestTree(leaves, digests, locators, unsettled);
        if (!Arrays.equals(read.root(), HexFormat.of().parseHex(form.root()))) {
            throw new IllegalArgumentException("root: must be that of the leaves but is another");
        }
        return read;
    }

    private static void copy(String base64, byte[] all, int first, int length, Leaves leaves) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        requireInside(first, Math.ceilDiv(bytes.length, length), leaves);
        System.arraycopy(bytes, 0, all, first * length, bytes.length);
    }

    private static void requireInside(int first, int count, Leaves leaves) {
        if (first < 0 || count < 0 || first > leaves.count() - count) {
            throw new IllegalArgumentException("leaves: must be 0 to %d but were %d from %d on"
                    .formatted(leaves.count(), count, first));
        }
    }
}
