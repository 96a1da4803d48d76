package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.formats.file.FileView;
import org.vmfinalize.formats.file.PartExtents;

/// A file as it would be with some patches written to it. What is behind its own end and not in a patch is zeros.
///
/// **Threads:** any number.
///
/// @param size at least the file's and at least [Patches#end()]
record PatchedFile(BackupFile file, Patches patches, long size) implements FileView {

    /// A part that is in a patch, or in the file, or behind its end.
    private record Part(ByteRange range, Optional<Patches.Patch> patch) {}

    private Part partAt(long position, long end) {
        var next = patches.firstEndingAfter(position);
        if (next.isPresent() && next.get().range().start() <= position) {
            return new Part(new ByteRange(position, Math.min(end, next.get().range().end())), next);
        }
        long to = next.isPresent() ? Math.min(end, next.get().range().start()) : end;
        // Up to the file's end, or all behind it.
        return new Part(new ByteRange(position, position < file.size() ? Math.min(to, file.size()) : to),
                Optional.empty());
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        FileView.requireInside(this, target, position);
        long at = position;
        while (target.hasRemaining()) {
            Part part = partAt(at, at + target.remaining());
            int length = (int) part.range().length();
            if (part.patch().isPresent() && !part.patch().get().isZeros()) {
                var patch = part.patch().get();
                target.put(patch.content().slice((int) (at - patch.range().start()), length));
            } else if (part.patch().isPresent() || at >= file.size()) {
                target.put(new byte[length]);
            } else {
                readFile(target, at, length);
            }
            at += length;
        }
    }

    private void readFile(ByteBuffer target, long position, int length) throws IOException {
        int limit = target.limit();
        target.limit(target.position() + length);
        try {
            file.read(target, position);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return new PartExtents(range.within(new ByteRange(0, size)), this::extentsFrom);
    }

    private Iterator<Extent> extentsFrom(long at, long end) throws IOException {
        Part part = partAt(at, end);
        if (part.patch().isEmpty() && at < file.size()) {
            return file.extents(part.range());
        }
        boolean data = part.patch().isPresent() && !part.patch().get().isZeros();
        return Collections
                .singleton(new Extent(part.range(), data ? Extent.Kind.DATA : Extent.Kind.ZERO))
                .iterator();
    }
}
