package org.vmfinalize.digest;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.TreeMap;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.disk.FileHoles;

/// Reads a disk's file again and compares it with its digest tree.
public final class DiskCheck {

    private DiskCheck() {}

    /// What was found.
    ///
    /// @param firstWrong the first block of 4 KiB whose bytes are others than they were, or, where that cannot be told, the
    ///         run of blocks that has it: a part of a leaf, or a whole one
    /// @param wrongLeaves how many such leaves there are
    /// @param unsettledLeaves of how many leaves nothing can be said, since they were being written when the tree was made
    public record Result(Optional<ByteRange> firstWrong, int wrongLeaves, int unsettledLeaves) {

        public boolean isRight() {
            return wrongLeaves == 0;
        }
    }

    /// Reads the whole file, holes left out.
    ///
    /// @param threads at least 1
    /// @throws IOException if the file has another length than the disk, or cannot be read
    public static Result check(Path file, DigestTree tree, int threads) throws IOException {
        var leaves = tree.leaves();
        long size = Files.size(file);
        if (size != leaves.sizeBytes()) {
            throw new IOException("%s: must have the disk's %d bytes but has %d; check the right file"
                    .formatted(file, leaves.sizeBytes(), size));
        }
        var wrong = new BitSet();
        var first = new TreeMap<Integer, ByteRange>();
        var zeroLeaves = new LeafReader.ZeroLeaves(leaves);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ); var holes = FileHoles.of(file)) {
            var work = new LeafWork("check", threads, () -> false);
            var _ = work.run(leaves.count(), () -> {
                var reader = new LeafReader(new FileContent(file, channel, holes), zeroLeaves);
                return leaf -> {
                    if (tree.isUnsettled(leaf)) {
                        return;
                    }
                    var found = reader.read(leaves.range(leaf));
                    if (!tree.hasDigest(leaf, found.digest())) {
                        synchronized (wrong) {
                            wrong.set(leaf);
                            first.put(leaf, tree.firstWrong(leaf, found.locator()));
                            first.tailMap(first.firstKey(), false).clear();
                        }
                    }
                };
            });
        }
        int unsettled = 0;
        for (int i = 0; i < leaves.count(); i++) {
            unsettled += tree.isUnsettled(i) ? 1 : 0;
        }
        synchronized (wrong) {
            return new Result(
                    first.values().stream().findFirst(), wrong.cardinality(), unsettled);
        }
    }

    private record FileContent(Path file, FileChannel channel,
            FileHoles holes) implements LeafReader.Content {

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            for (long at = position; target.hasRemaining();) {
                int count = channel.read(target, at);
                if (count < 0) {
                    throw new EOFException("%s: was cut while it was read, at %d".formatted(file, at));
                }
                at += count;
            }
        }

        @Override
        public long nextData(long position, long end) throws IOException {
            return holes.nextData(position, end);
        }
    }
}
