package org.vmfinalize.backup.kit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;

/// A file in a folder that a test made, which remembers what was read, what was held and whether it is still open.
///
/// It cannot tell holes, as many places cannot. **Threads:** any number.
public final class FolderFile implements BackupFile {

    private final SampleFolder folder;
    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final List<FolderFile> siblings = Collections.synchronizedList(new ArrayList<>());
    private final List<ByteRange> reads = Collections.synchronizedList(new ArrayList<>());

    FolderFile(SampleFolder folder, Path path) throws IOException {
        this.folder = folder;
        this.path = path;
        this.channel = FileChannel.open(path);
        this.size = channel.size();
    }

    /// A file in a place of its own.
    public FolderFile(Path path) throws IOException {
        this(new SampleFolder(), path);
    }

    public Path path() {
        return path;
    }

    /// The ranges read so far, in the order of the reads.
    public List<ByteRange> reads() {
        return reads;
    }

    /// Who holds it now.
    public List<String> holders() {
        return List.copyOf(folder.leases(path));
    }

    /// Whether it, or one that it refers to, is still open.
    public boolean isOpen() {
        return channel.isOpen() || siblings.stream().anyMatch(FolderFile::isOpen);
    }

    public List<FolderFile> siblings() {
        return siblings;
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

    @Override
    public String identity() {
        return "%s-%d%s".formatted(name(), size, folder.isChanged(name()) ? "-changed" : "");
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        var range = ByteRange.of(position, target.remaining());
        reads.add(range);
        if (folder.fails(range)) {
            throw new IOException(location() + ": the read fails, as the test wants it");
        }
        int start = target.position();
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position() - start) < 0) {
                throw new EOFException(location());
            }
        }
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return range.isEmpty()
                ? Collections.emptyIterator()
                : List.of(new Extent(range, Extent.Kind.UNKNOWN)).iterator();
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        Path there = resolve(reference);
        if (!Files.isRegularFile(there)) {
            throw new FormatException(
                    "%s: must refer to a file but %s is missing".formatted(path, reference));
        }
        FolderFile sibling = folder.open(there);
        siblings.add(sibling);
        return sibling;
    }

    private Path resolve(String reference) throws FormatException {
        try {
            Path there = path.resolveSibling(reference).normalize();
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null && !there.toAbsolutePath().startsWith(parent)) {
                throw new FormatException(
                        "%s: must refer to a file of its folder but refers to %s".formatted(path,
                                reference));
            }
            return there;
        } catch (InvalidPathException e) {
            throw new FormatException("%s: must refer to a file but %s is no name".formatted(path, reference),
                    e);
        }
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        if (folder.isReadOnly()) {
            throw new IOException(location() + ": the place cannot be written, as the test wants it");
        }
        folder.leases(path).add(holder.id());
    }

    @Override
    public void release(String holderId) {
        folder.leases(path).remove(holderId);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
