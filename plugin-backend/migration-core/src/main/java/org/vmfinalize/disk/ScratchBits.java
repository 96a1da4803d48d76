package org.vmfinalize.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bits of a block map for which there is no room on the heap: a file that has no name, and the system's cache of it.
///
/// Nothing in it outlives the process, nor has to: what counts is in checkpoint and journal. Chunk `i` lies at `i` times a
/// chunk's length.
///
/// **Threads:** any number read; one at a time writes. A read that begins after a write has returned sees it.
final class ScratchBits implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScratchBits.class);
    private static final String FILE = "map.scratch";
    private static final int CHUNK_BYTES = BlockMap.CHUNK_WORDS * Long.BYTES;

    private final Volume volume;
    private final Path path;

    /// Made when it is needed first, which is rare. Null before, and where it could not be made.
    private volatile @Nullable VolumeFile file;
    private boolean refused;
    private volatile boolean complete;

    /// @param folder a live disk's state, where the file lies that has no name soon
    ScratchBits(Volume volume, Path folder) {
        this.volume = volume;
        this.path = folder.resolve(FILE);
    }

    /// Stores a chunk.
    ///
    /// @return false if there is no room for it, so that it must stay where it is
    boolean put(int chunk, long[] bits) {
        if (refused) {
            return false;
        }
        try {
            var bytes = ByteBuffer.allocate(CHUNK_BYTES);
            bytes.asLongBuffer().put(bits);
            opened().write(bytes, position(chunk, 0));
            return true;
        } catch (IOException e) {
            refused = true;
            LOG.warn("{}: bits of the block map cannot be put there ({}); they stay in memory", path,
                    e.getMessage());
            return false;
        }
    }

    private VolumeFile opened() throws IOException {
        var open = file;
        if (open == null) {
            volume.delete(path);
            open = volume.create(path);
            volume.delete(path);
            file = open;
        }
        return open;
    }

    /// A word of a chunk that was put here.
    long word(int chunk, int index) {
        return words(chunk, index, 1)[0];
    }

    /// `count` words of a chunk that was put here, from the word `first` on.
    long[] words(int chunk, int first, int count) {
        long[] words = new long[count];
        var bytes = ByteBuffer.allocate(count * Long.BYTES);
        try {
            Objects.requireNonNull(file).read(bytes, position(chunk, first));
        } catch (EOFException e) {
            if (!complete) {
                throw unreadable(e);
            }
            Arrays.fill(words, -1L); // it was emptied because every block is local
            return words;
        } catch (IOException e) {
            throw unreadable(e);
        }
        bytes.flip().asLongBuffer().get(words);
        return words;
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException(
                "%s: the block map must be readable but was not (%s); check the datastore's file system, then restart the server"
                        .formatted(path, e.getMessage()),
                e);
    }

    private static long position(int chunk, int word) {
        return (long) chunk * CHUNK_BYTES + (long) word * Long.BYTES;
    }

    /// Gives the space back: every block is local, and stays so.
    void allLocal() throws IOException {
        complete = true;
        var open = file;
        if (open != null) {
            open.setLength(0);
        }
    }

    @Override
    public void close() throws IOException {
        var open = file;
        if (open != null) {
            open.close();
        }
    }
}
