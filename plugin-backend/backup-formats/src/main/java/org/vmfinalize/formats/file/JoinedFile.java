package org.vmfinalize.formats.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// A file that was cut into chunks, as one. It owns the chunks and closes them.
///
/// **Threads:** any number.
///
/// @param name its own name
/// @param chunkSize the size of each chunk but the last, which has from 1 byte to that
/// @param chunks in their order, at least one
public record JoinedFile(String name, long chunkSize, List<BackupFile> chunks) implements BackupFile {

    public JoinedFile {
        chunks = List.copyOf(chunks);
    }

    /// The first chunk's.
    @Override
    public String location() {
        return chunks.getFirst().location();
    }

    @Override
    public long size() {
        return (chunks.size() - 1) * chunkSize + chunks.getLast().size();
    }

    @Override
    public String identity() {
        return ContentIdentity.of("chunks", chunks.stream().map(BackupFile::identity));
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        FileView.requireInside(this, target, position);
        int limit = target.limit();
        long at = position;
        while (target.position() < limit) {
            long inside = at % chunkSize;
            int part = (int) Math.min(limit - target.position(), chunkSize - inside);
            target.limit(target.position() + part);
            try {
                chunks.get((int) (at / chunkSize)).read(target, inside);
            } finally {
                target.limit(limit);
            }
            at += part;
        }
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return new PartExtents(range.within(new ByteRange(0, size())), (at, end) -> {
            long start = at / chunkSize * chunkSize;
            long chunkEnd = Math.min(end, start + chunkSize);
            var chunk = chunks.get((int) (at / chunkSize));
            return PartExtents.shifted(chunk.extents(new ByteRange(at - start, chunkEnd - start)), start);
        });
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        return chunks.getFirst().sibling(reference);
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        AllOf.each(chunks, chunk -> chunk.hold(holder));
    }

    @Override
    public void release(String holderId) throws IOException {
        AllOf.each(chunks, chunk -> chunk.release(holderId));
    }

    @Override
    public void close() throws IOException {
        AllOf.each(chunks, BackupFile::close);
    }
}
