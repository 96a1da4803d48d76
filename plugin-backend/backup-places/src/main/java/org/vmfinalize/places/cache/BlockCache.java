package org.vmfinalize.places.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.remote.Reader;
import org.vmfinalize.places.remote.RemoteFile;

/// Blocks of files far away, kept on this server's disk, for all places together.
///
/// A block that is here is not fetched, one that is under way is waited for, by whomever it is wanted. It is found by the
/// file's location and version, so that all disks and all openings of one version share it, also after a restart; another
/// version finds nothing of it.
///
/// **Threads:** any number. A reader first fetches what nobody else does and then waits for the others, so that no two
/// wait for each other.
public final class BlockCache implements ReadThrough, Closeable {

    /// 256 KiB: a guest's small read over a link of 100 Mbit/s takes 20 ms more than it must, and the next ones nothing.
    static final int BLOCK_BYTES = 256 << 10;

    /// 1 MiB: what one request brings at most.
    private static final int MAX_RUN_BLOCKS = 4;

    private final Slots slots;
    private final Map<BlockKey, CompletableFuture<ByteBuffer>> flights = new ConcurrentHashMap<>();

    private BlockCache(Slots slots) {
        this.slots = slots;
    }

    /// Opens the cache in `folder`, or makes it.
    ///
    /// @param maxBytes how much of the disk it may take, at least one block; a smaller one than before is cut
    /// @throws IOException if the folder cannot be used
    public static BlockCache open(Path folder, long maxBytes) throws IOException {
        return new BlockCache(Slots.open(folder, Math.clamp(maxBytes / BLOCK_BYTES, 1, 1 << 24)));
    }

    @Override
    public Reader reader(RemoteFile file, Reader link) {
        return new CachedReader(BlockKey.fileKey(file.location(), file.contentKey()), file.size(), link);
    }

    /// How many blocks are kept now.
    int held() {
        return slots.held();
    }

    @Override
    public void close() throws IOException {
        slots.close();
    }

    private final class CachedReader implements Reader {

        private final String file;
        private final long size;
        private final Reader link;

        CachedReader(String file, long size, Reader link) {
            this.file = file;
            this.size = size;
            this.link = link;
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            long at = position;
            while (target.hasRemaining()) {
                long first = at / BLOCK_BYTES;
                long last = Math.min(first + MAX_RUN_BLOCKS - 1, (at + target.remaining() - 1) / BLOCK_BYTES);
                at = readBlocks(target, at, first, last);
            }
        }

        /// Blocks are found in one of three ways: by another reader, in the slots, or over the link.
        ///
        /// @return the position behind what was read
        private long readBlocks(ByteBuffer target, long position, long first, long last)
                throws IOException {
            var wanted = new ArrayList<CompletableFuture<ByteBuffer>>();
            var own = new ArrayList<Flight>();
            for (long block = first; block <= last; block++) {
                var key = new BlockKey(file, block);
                var mine = new CompletableFuture<ByteBuffer>();
                var others = flights.putIfAbsent(key, mine);
                wanted.add(others == null ? mine : others);
                if (others == null) {
                    own.add(new Flight(key, mine));
                }
            }
            try {
                land(own);
            } finally {
                // Whatever has happened: nobody may wait for this reader for ever.
                for (var flight : own) {
                    flights.remove(flight.key(), flight.content());
                    flight.content().completeExceptionally(new IOException("its reader failed"));
                }
            }
            long at = position;
            for (long block = first; block <= last; block++) {
                var content = contentOf(wanted.get((int) (block - first)), block);
                content.position((int) (at - block * BLOCK_BYTES));
                content.limit(Math.min(content.limit(), content.position() + target.remaining()));
                at += content.remaining();
                target.put(content);
            }
            return at;
        }

        private void land(List<Flight> own) throws IOException {
            var run = new ArrayList<Flight>();
            for (var flight : own) {
                var here = slots.get(flight.key());
                boolean follows = !run.isEmpty() && run.getLast().key().block() + 1 == flight.key().block();
                if (here != null) {
                    flight.content().complete(here);
                } else {
                    if (!follows) {
                        fetch(run);
                        run.clear();
                    }
                    run.add(flight);
                }
            }
            fetch(run);
        }

        private void fetch(List<Flight> run) throws IOException {
            if (run.isEmpty()) {
                return;
            }
            long start = run.getFirst().key().block() * BLOCK_BYTES;
            long end = Math.min(size, (run.getLast().key().block() + 1) * BLOCK_BYTES);
            var bytes = ByteBuffer.allocate((int) (end - start));
            link.read(bytes, start);
            for (var flight : run) {
                int from = (int) (flight.key().block() * BLOCK_BYTES - start);
                var content = bytes.slice(from, Math.min(BLOCK_BYTES, bytes.capacity() - from));
                flight.content().complete(content);
                slots.put(flight.key(), content);
            }
        }

        /// Another reader's failure may be its own, such as a file that was closed: then this one reads for itself.
        private ByteBuffer contentOf(CompletableFuture<ByteBuffer> content, long block) throws IOException {
            try {
                return content.join().duplicate();
            } catch (CompletionException _) {
                long start = block * BLOCK_BYTES;
                var bytes = ByteBuffer.allocate((int) (Math.min(size, start + BLOCK_BYTES) - start));
                link.read(bytes, start);
                return bytes.flip();
            }
        }
    }

    private record Flight(BlockKey key, CompletableFuture<ByteBuffer> content) {}
}
