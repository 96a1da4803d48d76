package org.vmfinalize.formats.vhd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// A file as it would be with some patches written to it. What is behind its own end and not in a patch is zeros.
///
/// **Threads:** any number. Closing it does nothing: whoever has the file itself closes that.
///
/// @param size at least the file's and at least [Patches#end()]
record PatchedFile(BackupFile file, Patches patches, long size) implements BackupFile {

    /// A part that is in a patch, or in the file, or behind its end.
    private record Part(ByteRange range, Optional<Patches.Patch> patch) {}

    @Override
    public String location() {
        return file.location();
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public String identity() {
        return file.identity();
    }

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
        if (position < 0 || position > size - target.remaining()) {
            throw new EOFException("%s: must have %d bytes at %d but has only %d".formatted(location(),
                    target.remaining(), position, size));
        }
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
    public Iterator<Extent> extents(ByteRange range) throws IOException {
        ByteRange inside = range.within(new ByteRange(0, size));
        List<Extent> extents = new ArrayList<>();
        long at = inside.start();
        while (at < inside.end()) {
            Part part = partAt(at, inside.end());
            if (part.patch().isEmpty() && at < file.size()) {
                file.extents(part.range()).forEachRemaining(extents::add);
            } else {
                boolean data = part.patch().isPresent() && !part.patch().get().isZeros();
                extents.add(new Extent(part.range(), data ? Extent.Kind.DATA : Extent.Kind.ZERO));
            }
            at = part.range().end();
        }
        return extents.iterator();
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        return file.sibling(reference);
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        file.hold(holder);
    }

    @Override
    public void release(String holderId) throws IOException {
        file.release(holderId);
    }

    @Override
    public void close() {
        // The file itself is closed by its owner.
    }
}
