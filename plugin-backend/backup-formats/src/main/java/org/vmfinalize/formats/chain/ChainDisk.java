package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The disk that a chain of images makes.
public final class ChainDisk implements BackupDisk {

    private static final int MIN_BEST_READ_SIZE = 1 << 20;

    /// Of a file at once, for blocks that are compressed.
    private static final long MAX_COMPRESSED_BYTES = 2 << 20;

    private static final byte[] ZEROS = new byte[64 << 10];

    private final Chain chain;
    private final CompressedBlocks compressed = new CompressedBlocks();

    public ChainDisk(Chain chain) {
        this.chain = chain;
    }

    @Override
    public String name() {
        return "disk-0";
    }

    @Override
    public long size() {
        return chain.top().size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position < 0 || position > size() - target.remaining()) {
            throw new IllegalArgumentException("%s: a read must lie in [0, %d) but was of %d bytes at %d"
                    .formatted(chain.source().file().location(), size(), target.remaining(), position));
        }
        var runs = new RunCursor(chain, ByteRange.of(position, target.remaining()));
        while (runs.hasNext()) {
            Run run = runs.next();
            switch (run.kind()) {
                case STORED -> readStored(run, target);
                case COMPRESSED -> compressed.read(withFollowing(run, runs), target);
                case ZERO, BELOW -> putZeros(target, (int) run.length());
            }
        }
    }

    private static void readStored(Run run, ByteBuffer target) throws IOException {
        int limit = target.limit();
        target.limit(target.position() + (int) run.length());
        try {
            run.source().file().read(target, run.host());
        } finally {
            target.limit(limit);
        }
    }

    /// The run and those after it whose compressed data follow in the file: they are read at once.
    private static List<Run> withFollowing(Run first, RunCursor runs) throws IOException {
        var group = new ArrayList<Run>();
        group.add(first);
        while (runs.hasNext() && follows(group, runs.peek())) {
            group.add(runs.next());
        }
        return group;
    }

    private static boolean follows(List<Run> group, Run next) {
        Run last = group.getLast();
        // Ends are known to the sector only, so the next block may begin before the end of the one before it.
        return next.kind() == Run.Kind.COMPRESSED && next.source().number() == last.source().number()
                && next.host() >= last.host()
                && next.host() <= last.host() + last.hostLength()
                && next.host() - group.getFirst().host() < MAX_COMPRESSED_BYTES;
    }

    private static void putZeros(ByteBuffer target, int count) {
        for (int left = count; left > 0;) {
            int part = Math.min(left, ZEROS.length);
            target.put(ZEROS, 0, part);
            left -= part;
        }
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        var inside = range.within(new ByteRange(0, size()));
        var pieces = new Pieces(chain, inside);
        return new JoinedExtents(pieces, pieces.effort());
    }

    @Override
    public Iterator<Extent> readOrder() {
        var pieces = new Pieces(chain, new ByteRange(0, size()));
        return new JoinedExtents(new FileOrder(pieces, pieces.effort(), bestReadSize()), pieces.effort());
    }

    /// A whole number of blocks of each image of the chain.
    @Override
    public int bestReadSize() {
        return chain.layers().stream().mapToInt(Layer::blockSize).reduce(MIN_BEST_READ_SIZE, Math::max);
    }
}
