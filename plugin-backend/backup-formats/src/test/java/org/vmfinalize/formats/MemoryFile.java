package org.vmfinalize.formats;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;

/// A file in memory, for trying many. Beside it are files with the same bytes, whatever their names, as long as those are
/// names without folders.
final class MemoryFile implements BackupFile {

    private final String name;
    private final byte[] bytes;
    private final Map<String, byte[]> others;

    /// How many files of the place are open.
    private final AtomicInteger open;
    private boolean closed;

    /// @param others files beside it, by name, which have bytes of their own
    MemoryFile(String name, byte[] bytes, Map<String, byte[]> others) {
        this(name, bytes, others, new AtomicInteger());
    }

    private MemoryFile(String name, byte[] bytes, Map<String, byte[]> others, AtomicInteger open) {
        this.others = others;
        this.name = name;
        this.bytes = bytes;
        this.open = open;
        open.incrementAndGet();
    }

    int open() {
        return open.get();
    }

    @Override
    public String location() {
        return "/" + name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public String identity() {
        return name;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position < 0) {
            throw new AssertionError("a file must not be read at " + position);
        }
        if (position > bytes.length - target.remaining()) {
            throw new EOFException(location());
        }
        target.put(bytes, (int) position, target.remaining());
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return range.isEmpty()
                ? Collections.emptyIterator()
                : List.of(new Extent(range, Extent.Kind.UNKNOWN)).iterator();
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        boolean missing = reference.endsWith(".mf") && !others.containsKey(reference);
        if (!reference.matches("[\\w.-]{1,40}") || reference.startsWith(".") || missing) {
            throw new FormatException("/%s: must refer to a file but does not".formatted(name));
        }
        return new MemoryFile(reference, others.getOrDefault(reference, bytes), others, open);
    }

    @Override
    public void hold(Backup.Holder holder) {}

    @Override
    public void release(String holderId) {}

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            open.decrementAndGet();
        }
    }
}
