package org.vmfinalize.places.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.places.BackupNotFoundException;

/// A file of a backup that lies far away.
///
/// **Threads:** any number; each read goes out by itself, as far as the [Link] allows.
final class RemoteBackupFile implements BackupFile {

    private final RemoteFile file;
    private final Link link;
    private final References references;
    private final ReadThrough through;
    private final Reader reader;
    private volatile boolean closed;

    /// @param file closed with this object
    /// @param references what images of the backup may refer to
    /// @param through what stands between a read and the link, such as a cache
    RemoteBackupFile(RemoteFile file, Link link, References references, ReadThrough through) {
        this.file = file;
        this.link = link;
        this.references = references;
        this.through = through;
        this.reader = through.reader(file, this::fetch);
    }

    @Override
    public String location() {
        return file.location();
    }

    @Override
    public String name() {
        return file.path().substring(file.path().lastIndexOf('/') + 1);
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public String identity() {
        return file.identity();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position + target.remaining() > size()) {
            throw new EOFException("%s: must have %d bytes or more but ends at %d".formatted(location(),
                    position + target.remaining(), size()));
        }
        if (target.hasRemaining()) {
            reader.read(target, position);
        }
    }

    private void fetch(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        link.attempt(location(), new Link.Attempt() {
            @Override
            public void make() throws IOException {
                checkOpen();
                file.read(target, position + target.position() - start);
                if (target.hasRemaining()) {
                    throw new PassingException("%d bytes were missing at the end of an answer".formatted(
                            target.remaining()));
                }
            }

            @Override
            public long progress() {
                return target.position();
            }
        });
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return new Extents(range.within(new ByteRange(0, size())));
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        String path = references.resolve(location(), file.path(), reference);
        try {
            return new RemoteBackupFile(file.open(path), link, references, through);
        } catch (BackupNotFoundException e) {
            throw new FormatException("%s: the file '%s', which the image needs, is missing: %s".formatted(
                    location(), path, e.getMessage()), e);
        }
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
    public void close() throws IOException {
        closed = true;
        file.close();
    }

    /// Asks for the next extents when the last ones are used up.
    private final class Extents implements Iterator<Extent> {

        private final ArrayDeque<Extent> known = new ArrayDeque<>();
        private final long end;
        private long position;

        Extents(ByteRange range) {
            this.position = range.start();
            this.end = range.end();
        }

        @Override
        public boolean hasNext() {
            return position < end;
        }

        @Override
        public Extent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (known.isEmpty()) {
                ask();
            }
            Extent found = known.remove();
            var inside = new ByteRange(position, Math.min(end, found.range().end()));
            position = inside.end();
            return new Extent(inside, found.kind());
        }

        private void ask() {
            try {
                link.attempt(location(), () -> {
                    checkOpen();
                    known.addAll(file.extentsAt(new ByteRange(position, end)));
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
