package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.FormatException;

/// Reads compressed clusters: raw deflate streams without a zlib header, each of which makes one cluster.
///
/// A cluster that was needed only in part is kept for a while, because its rest is likely to be asked for next.
///
/// **Threads:** any number; each decompresses by itself.
final class CompressedClusters {

    private static final long CACHE_BYTES = 8 << 20;

    private record Key(int depth, long host) {}

    private final BoundedCache<Key, byte[]> cache = new BoundedCache<>(CACHE_BYTES);

    /// Puts the bytes of `runs` into `target`.
    ///
    /// @param runs compressed, of one layer, ascending in its file and without gaps there
    void read(List<Run> runs, ByteBuffer target) throws IOException {
        if (runs.size() == 1 && readCached(runs.getFirst(), target)) {
            return;
        }
        long start = runs.getFirst().host();
        long end = runs.stream().mapToLong(run -> run.host() + run.hostLength()).max().orElseThrow();
        var input = ByteBuffer.allocate(Math.toIntExact(end - start));
        Layer layer = runs.getFirst().layer();
        layer.file().read(input, start);
        var inflater = new Inflater(true);
        try {
            byte[] cluster = new byte[layer.clusterSize()];
            for (var run : runs) {
                inflater.reset();
                inflater.setInput(input.array(), (int) (run.host() - start), run.hostLength());
                inflate(inflater, run, cluster);
                copy(run, cluster, target);
                if (run.length() < cluster.length) {
                    cache.put(keyOf(run), cluster, cluster.length);
                    cluster = new byte[cluster.length];
                }
            }
        } finally {
            inflater.end();
        }
    }

    private boolean readCached(Run run, ByteBuffer target) {
        byte[] cluster = cache.get(keyOf(run));
        if (cluster == null) {
            return false;
        }
        copy(run, cluster, target);
        return true;
    }

    private static Key keyOf(Run run) {
        return new Key(run.layer().depth(), run.host());
    }

    private static void copy(Run run, byte[] cluster, ByteBuffer target) {
        target.put(cluster, (int) (run.start() & (cluster.length - 1)), (int) run.length());
    }

    /// Fills `cluster`; what the stream would make beyond that is not looked at, so that it cannot do harm.
    private static void inflate(Inflater inflater, Run run, byte[] cluster) throws FormatException {
        int filled = 0;
        try {
            while (filled < cluster.length) {
                int count = inflater.inflate(cluster, filled, cluster.length - filled);
                if (count == 0) {
                    throw damaged(run, "must make %d bytes but made %d".formatted(cluster.length, filled),
                            null);
                }
                filled += count;
            }
        } catch (DataFormatException e) {
            throw damaged(run, "must be a deflate stream but is not: " + e.getMessage(), e);
        }
    }

    private static FormatException damaged(Run run, String sentence, @Nullable Throwable cause) {
        var message = "%s: qcow2 compressed cluster at byte %d of the file: %s".formatted(
                run.layer().file().location(),
                run.host(), sentence);
        return cause == null ? new FormatException(message) : new FormatException(message, cause);
    }
}
