package org.vmfinalize.formats.virtnbdbackup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.formats.chain.BoundedCache;
import org.vmfinalize.formats.file.FileView;

/// A compressed stream as if it were not: the bytes of its data frames, one after the other.
///
/// A piece can be unpacked from its start only, so what is passed on the way is kept for a while, and readers that go on
/// where another one was find it unpacked. Unpacking costs up to 32 MiB for a byte, and memory for a cache of 16 MiB.
///
/// **Threads:** any number; up to four unpack at the same time, each another piece.
final class UnpackedFile implements FileView {

    static final int PART_BYTES = 256 << 10;

    private static final long CACHE_BYTES = 16 << 20;
    private static final int READERS = 4;

    /// A part of a piece, counted in [#PART_BYTES].
    record Part(int piece, int number) {}

    private final BackupFile packed;
    private final Lz4Pieces pieces;
    private final BoundedCache<Part, byte[]> cache = new BoundedCache<>(CACHE_BYTES);
    private final List<PieceReader> readers;

    UnpackedFile(BackupFile packed, Lz4Pieces pieces) {
        this.packed = packed;
        this.pieces = pieces;
        this.readers = Stream.generate(() -> new PieceReader(packed, pieces, cache)).limit(READERS).toList();
    }

    @Override
    public BackupFile file() {
        return packed;
    }

    @Override
    public long size() {
        return pieces.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        FileView.requireInside(this, target, position);
        long at = position;
        while (target.hasRemaining()) {
            int piece = pieces.at(at);
            int inside = (int) (at - pieces.start(piece));
            byte[] bytes = part(new Part(piece, inside / PART_BYTES));
            int from = inside % PART_BYTES;
            int count = Math.min(target.remaining(), bytes.length - from);
            target.put(bytes, from, count);
            at += count;
        }
    }

    private byte[] part(Part part) throws IOException {
        byte[] bytes = cache.get(part);
        return bytes == null ? readers.get(part.piece() % READERS).read(part) : bytes;
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return List.of(new Extent(range, Extent.Kind.UNKNOWN)).iterator();
    }
}
