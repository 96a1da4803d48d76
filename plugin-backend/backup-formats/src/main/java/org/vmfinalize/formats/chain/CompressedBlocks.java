package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.FormatException;

/// Reads compressed blocks, each of which is a stream of its own.
///
/// A block that was needed only in part is kept for a while, because its rest is likely to be asked for next.
///
/// **Threads:** any number; each decompresses by itself.
final class CompressedBlocks {

    private static final long CACHE_BYTES = 8 << 20;

    private record Key(int source, long host) {}

    private final BoundedCache<Key, byte[]> cache = new BoundedCache<>(CACHE_BYTES);

    /// Puts the bytes of `runs` into `target`.
    ///
    /// @param runs compressed, of one source, ascending in its file and without gaps there
    void read(List<Run> runs, ByteBuffer target) throws IOException {
        if (runs.size() == 1 && readCached(runs.getFirst(), target)) {
            return;
        }
        long start = runs.getFirst().host();
        long end = runs.stream().mapToLong(run -> run.host() + run.hostLength()).max().orElseThrow();
        var input = ByteBuffer.allocate(Math.toIntExact(end - start));
        Source source = runs.getFirst().source();
        source.file().read(input, start);
        try (var decompressor = source.compression().decompressor()) {
            byte[] block = new byte[source.blockSize()];
            for (var run : runs) {
                var stored = input.slice((int) (run.host() - start), run.hostLength());
                decompress(decompressor, source.compression().stream(run, stored), run, block);
                copy(run, block, target);
                if (run.length() < block.length) {
                    cache.put(keyOf(run), block, block.length);
                    block = new byte[block.length];
                }
            }
        }
    }

    private boolean readCached(Run run, ByteBuffer target) {
        byte[] block = cache.get(keyOf(run));
        if (block == null) {
            return false;
        }
        copy(run, block, target);
        return true;
    }

    private static Key keyOf(Run run) {
        return new Key(run.source().number(), run.host());
    }

    private static void copy(Run run, byte[] block, ByteBuffer target) {
        target.put(block, (int) (run.start() - run.source().blockStart(run.start())), (int) run.length());
    }

    /// Fills `block`: what the stream does not make is zeros, if the format allows that.
    private static void decompress(Decompressor decompressor, ByteBuffer stream, Run run, byte[] block)
            throws FormatException {
        int filled;
        try {
            filled = decompressor.decompress(stream, block);
        } catch (DataFormatException e) {
            throw damaged(run, "must be %s but is not: %s".formatted(decompressor.what(), e.getMessage()), e);
        }
        if (filled < run.source().compression().neededBytes(run)) {
            throw damaged(run, "must make %d bytes but made %d".formatted(block.length, filled), null);
        }
        Arrays.fill(block, filled, block.length, (byte) 0);
    }

    private static FormatException damaged(Run run, String sentence, @Nullable Throwable cause) {
        var message = "%s: %s at byte %d of the file: %s".formatted(run.source().file().location(),
                run.source().compression().what(), run.host(), sentence);
        return cause == null ? new FormatException(message) : new FormatException(message, cause);
    }
}
