package org.vmfinalize.digest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.disk.BlockProof;
import org.vmfinalize.disk.LiveDisk;

/// Reads a wholly local live disk back while its guest goes on writing: proves whose each block is, and makes its digest
/// tree.
///
/// Every leaf is read once; those that the guest writes into after they were read are read again, a few rounds long. A leaf
/// that is written into even then is unsettled in the tree. So each digest in the tree is that of the leaf's bytes as they
/// were at [#tree()]; call that right after the disk was sealed.
///
/// **Threads:** one runs it; any number ask how far it is.
public final class DiskVerification {

    private static final int MAX_ROUNDS = 4;
    private static final int NEVER_READ = 2;
    private static final int CHANGED = 1;
    private static final int SETTLED = 0;

    private final LiveDisk disk;
    private final Leaves leaves;
    private final LeafReader.ZeroLeaves zeroLeaves;
    private final byte[] digests;
    private final byte[] locators;

    /// Of each leaf: whether its digest is that of its bytes. Written by whoever writes to the disk, too.
    private final AtomicIntegerArray states;

    /// Of each leaf: how many of its blocks are the guest's, the backup's and zeros.
    private final int[] guestBlocks;
    private final int[] backupBlocks;
    private final int[] zeroBlocks;

    private final AtomicLong verifiedBytes = new AtomicLong();

    /// Decides when bytes may be read.
    public interface Turn {

        /// Returns when so many bytes, at most 1 MiB, may be read.
        void await(int bytes);
    }

    public DiskVerification(LiveDisk disk) {
        this.disk = disk;
        this.leaves = Leaves.of(disk.size());
        this.zeroLeaves = new LeafReader.ZeroLeaves(leaves);
        this.digests = new byte[leaves.count() * DigestTree.DIGEST_BYTES];
        this.locators = new byte[leaves.count() * DigestTree.locatorBytes(leaves)];
        this.states = new AtomicIntegerArray(leaves.count());
        for (int i = 0; i < leaves.count(); i++) {
            states.set(i, NEVER_READ);
        }
        this.guestBlocks = new int[leaves.count()];
        this.backupBlocks = new int[leaves.count()];
        this.zeroBlocks = new int[leaves.count()];
    }

    /// Verifies what is not yet. After a stop or a failure it goes on where it was.
    ///
    /// @param threads at least 1
    /// @return false if it was stopped before
    /// @throws org.vmfinalize.disk.WrongBlockException if a block is neither the guest's nor the backup's
    public boolean run(int threads, BooleanSupplier stopWanted) throws IOException {
        return run(threads, _ -> {
        }, stopWanted);
    }

    /// The same, reading no faster than `turn` allows.
    public boolean run(int threads, Turn turn, BooleanSupplier stopWanted) throws IOException {
        disk.watchWrites(this::written);
        var proof = disk.proof();
        var work = new LeafWork("verify-" + disk.name(), threads, stopWanted);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            if (!work.run(leaves.count(), () -> worker(proof, turn))) {
                return false;
            }
            if (unsettled().isEmpty()) {
                break;
            }
        }
        return true;
    }

    private void written(long position, long length) {
        int last = leaves.at(position + Math.max(1, length) - 1);
        for (int leaf = leaves.at(position); leaf <= last; leaf++) {
            var _ = states.compareAndSet(leaf, SETTLED, CHANGED);
        }
    }

    private LeafWork.Worker worker(BlockProof proof, Turn turn) {
        var proving = new Proving(proof, turn);
        var reader = new LeafReader(proving, zeroLeaves);
        return leaf -> {
            int before = states.get(leaf);
            if (before == SETTLED) {
                return;
            }
            // Settled first: a write that comes while the leaf is read says afterwards that it has changed.
            states.set(leaf, SETTLED);
            boolean read = false;
            try {
                proving.blocks = BlockProof.Blocks.NONE;
                var range = leaves.range(leaf);
                var found = reader.read(range);
                copy(found.digest(), digests, leaf);
                copy(found.locator(), locators, leaf);
                guestBlocks[leaf] = (int) proving.blocks.guest();
                backupBlocks[leaf] = (int) proving.blocks.backup();
                zeroBlocks[leaf] = (int) proving.blocks.zeros();
                read = true;
                if (before == NEVER_READ) {
                    verifiedBytes.addAndGet(range.length());
                }
            } finally {
                if (!read) {
                    states.set(leaf, before);
                }
            }
        };
    }

    private static void copy(byte[] one, byte[] all, int leaf) {
        System.arraycopy(one, 0, all, leaf * one.length, one.length);
    }

    /// What a thread reads is proven on the way.
    private static final class Proving implements LeafReader.Content {

        private final BlockProof proof;
        private final Turn turn;
        private BlockProof.Blocks blocks = BlockProof.Blocks.NONE;

        Proving(BlockProof proof, Turn turn) {
            this.proof = proof;
            this.turn = turn;
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            turn.await(target.remaining());
            blocks = blocks.plus(proof.read(target, position));
        }

        @Override
        public long nextData(long position, long end) throws IOException {
            return proof.nextData(position, end);
        }

        @Override
        public void skipped(ByteRange hole) throws IOException {
            blocks = blocks.plus(proof.proveHole(hole));
        }
    }

    private BitSet unsettled() {
        var unsettled = new BitSet();
        for (int i = 0; i < leaves.count(); i++) {
            if (states.get(i) != SETTLED) {
                unsettled.set(i);
            }
        }
        return unsettled;
    }

    /// How much was read and proven at least once.
    public long verifiedBytes() {
        return verifiedBytes.get();
    }

    /// Whose the blocks were when they were read last.
    public BlockProof.Blocks blocks() {
        long guest = 0;
        long backup = 0;
        long zeros = 0;
        for (int i = 0; i < leaves.count(); i++) {
            guest += guestBlocks[i];
            backup += backupBlocks[i];
            zeros += zeroBlocks[i];
        }
        return new BlockProof.Blocks(guest, backup, zeros);
    }

    /// The tree of the disk as it is now, without the leaves that were written into since they were read.
    public DigestTree tree() {
        return new DigestTree(leaves, digests, locators, unsettled());
    }
}
