package org.vmfinalize.receipts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
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
                byte[] digests = new byte[(leaf - first) * DigestTree.DIGEST_BYTES];
                for (int i = first; i < leaf; i++) {
                    System.arraycopy(tree.digest(i), 0, digests, (i - first) * DigestTree.DIGEST_BYTES,
                            DigestTree.DIGEST_BYTES);
                }
                runs.add(new Receipt.Run(first, Base64.getEncoder().encodeToString(digests)));
            }
        }
        return runs;
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
        for (var run : form.leaves()) {
            byte[] bytes = Base64.getDecoder().decode(run.digests());
            requireInside(run.first(), Math.ceilDiv(bytes.length, DigestTree.DIGEST_BYTES), leaves);
            System.arraycopy(bytes, 0, digests, run.first() * DigestTree.DIGEST_BYTES, bytes.length);
        }
        var unsettled = new BitSet();
        for (var span : form.unsettled()) {
            requireInside(span.first(), span.count(), leaves);
            unsettled.set(span.first(), span.first() + span.count());
        }
        var read = new DigestTree(leaves, digests, unsettled);
        if (!Arrays.equals(read.root(), HexFormat.of().parseHex(form.root()))) {
            throw new IllegalArgumentException("root: must be that of the leaves but is another");
        }
        return read;
    }

    private static void requireInside(int first, int count, Leaves leaves) {
        if (first < 0 || count < 0 || first > leaves.count() - count) {
            throw new IllegalArgumentException("leaves: must be 0 to %d but were %d from %d on"
                    .formatted(leaves.count(), count, first));
        }
    }
}
