package org.vmfinalize.places.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.places.BackupNotFoundException;

/// A file of a backup on this server.
///
/// **Threads:** any number. A thread that is interrupted while it reads gets an exception; the others go on, although
/// Java then closes the channel for all of them: it is opened anew.
final class LocalBackupFile implements BackupFile {

    /// Java copies through a buffer outside of the heap that is as large as the read: keep it small.
    private static final int MAX_READ_BYTES = 1 << 20;

    private final Path path;
    private final Containment containment;
    private final Optional<Descriptor> descriptor;
    private final long size;
    private final String identity;

    /// Replaced when an interrupt has closed it.
    private volatile FileChannel channel;

    @GuardedBy("this")
    private boolean closed;

    private LocalBackupFile(Path path, Containment containment) throws IOException {
        this.path = path;
        this.containment = containment;
        this.descriptor = Descriptor.open(path);
        try {
            this.channel = openChannel();
            this.size = channel.size();
            this.identity = identityNow();
        } catch (IOException e) {
            descriptor.ifPresent(Descriptor::close);
            throw e;
        }
    }

    /// Where `location` really is, with all links followed.
    ///
    /// @throws BackupNotFoundException if there is nothing
    static Path realPath(Path location) throws BackupNotFoundException {
        try {
            return location.toRealPath();
        } catch (NoSuchFileException e) {
            throw new BackupNotFoundException(
                    location + ": there is no such file on this server; check the path", e);
        } catch (IOException e) {
            throw new BackupNotFoundException(
                    "%s: the file cannot be found: %s".formatted(location, e.getMessage()), e);
        }
    }

    /// Opens the top file of a backup.
    ///
    /// @param allowed further folders that it may refer to files of
    /// @param closed folders that it may not
    /// @throws BackupNotFoundException if there is no such file, or it is none that can be read
    static LocalBackupFile open(Path location, List<Path> allowed, List<Path> closed) throws IOException {
        Path real = realPath(location);
        if (Files.isDirectory(real)) {
            throw new BackupNotFoundException(
                    location + ": must be a file but is a folder; name the image, the top one of a chain");
        }
        if (!Files.isRegularFile(real)) {
            throw new BackupNotFoundException(
                    location + ": must be an ordinary file but is a device, pipe or socket");
        }
        if (!Files.isReadable(real)) {
            throw new BackupNotFoundException(
                    "%s: the server, which runs as '%s', may not read the file; allow it"
                            .formatted(location, System.getProperty("user.name")));
        }
        return new LocalBackupFile(real, new Containment(folderOf(real), allowed, closed));
    }

    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public String name() {
        return String.valueOf(path.getFileName());
    }

    @Override
    public long size() {
        return size;
    }

    /// Size, time of the last change in nanoseconds, and the file's number on its file system.
    @Override
    public String identity() {
        return identity;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        int limit = target.limit();
        try {
            while (target.position() < limit) {
                target.limit(Math.min(limit, target.position() + MAX_READ_BYTES));
                long next = position + target.position() - start;
                if (readOnce(target, next) < 0) {
                    throw new EOFException(
                            "%s: must have the %d bytes that it had when it was opened but ends at %d"
                                    .formatted(path, size, next));
                }
                target.limit(limit);
            }
        } finally {
            target.limit(limit);
        }
    }

    private int readOnce(ByteBuffer target, long position) throws IOException {
        while (true) {
            try {
                return channel.read(target, position);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException _) {
                // Another reader was interrupted, which is no reason for this one to fail.
                reopen();
            }
        }
    }

    private synchronized void reopen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (!channel.isOpen()) {
            if (!identityNow().equals(identity)) {
                throw new IOException(
                        path + ": the file must stay as it is while it is in use but was changed");
            }
            channel = openChannel();
        }
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        ByteRange inside = range.within(new ByteRange(0, size));
        if (inside.isEmpty()) {
            return Collections.emptyIterator();
        }
        if (descriptor.isEmpty()) {
            return List.of(new Extent(inside, Extent.Kind.UNKNOWN)).iterator();
        }
        return new StoredParts(descriptor.get(), inside);
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        Path real = containment.resolve(path, reference);
        if (!Files.isRegularFile(real) || !Files.isReadable(real)) {
            throw new FormatException(
                    "%s: must be an ordinary file that the server may read, since %s needs it"
                            .formatted(real, path));
        }
        return new LocalBackupFile(real, containment);
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        new Lease(path, Clock.systemUTC()).hold(holder);
    }

    @Override
    public void release(String holderId) throws IOException {
        new Lease(path, Clock.systemUTC()).release(holderId);
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        descriptor.ifPresent(Descriptor::close);
        channel.close();
    }

    /// By way of the descriptor both are of one file, even if its name was given to another between two calls.
    private FileChannel openChannel() throws IOException {
        return FileChannel.open(descriptorOrPath(), StandardOpenOption.READ);
    }

    private String identityNow() throws IOException {
        Path there = descriptorOrPath();
        var attributes = Files.readAttributes(there, BasicFileAttributes.class);
        Instant changed = attributes.lastModifiedTime().toInstant();
        // Not the device's number: it may be another after the server was started again.
        Object inode = Files.getFileStore(there).supportsFileAttributeView("unix")
                ? Files.getAttribute(there, "unix:ino")
                : 0;
        return "%d-%d.%09d-%s".formatted(attributes.size(), changed.getEpochSecond(), changed.getNano(),
                inode);
    }

    private Path descriptorOrPath() {
        return descriptor.map(Descriptor::path).orElse(path);
    }

    private static Path folderOf(Path real) {
        Path folder = real.getParent();
        if (folder == null) {
            throw new IllegalArgumentException(real + " must lie in a folder");
        }
        return folder;
    }
}
