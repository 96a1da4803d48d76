package org.vmfinalize.formats;

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
public final class FolderFile implements BackupFile {

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final List<FolderFile> siblings = Collections.synchronizedList(new ArrayList<>());
    private final List<ByteRange> reads = Collections.synchronizedList(new ArrayList<>());
    private final List<String> holders = Collections.synchronizedList(new ArrayList<>());

    public FolderFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path);
        this.size = channel.size();
    }

    /// The ranges read so far, in the order of the reads.
    public List<ByteRange> reads() {
        return reads;
    }

    public List<String> holders() {
        return holders;
    }

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
        return path.getFileName().toString();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String identity() {
        return name() + "-" + size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        reads.add(ByteRange.of(position, target.remaining()));
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
        var sibling = new FolderFile(there);
        siblings.add(sibling);
        return sibling;
    }

    private Path resolve(String reference) throws FormatException {
        try {
            return path.resolveSibling(reference).normalize();
        } catch (InvalidPathException e) {
            throw new FormatException("%s: must refer to a file but %s is no name".formatted(path, reference),
                    e);
        }
    }

    @Override
    public void hold(Backup.Holder holder) {
        holders.add(holder.id());
    }

    @Override
    public void release(String holderId) {
        holders.remove(holderId);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
