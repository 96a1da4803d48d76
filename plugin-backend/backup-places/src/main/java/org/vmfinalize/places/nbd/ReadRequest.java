package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// A read. The bytes go to a buffer of its own, so that late ones do not hurt who has given up.
final class ReadRequest extends Request<byte[]> {

    static final int READ = 0;

    /// A server that sends fewer bytes at a time than this makes is not worth listening to.
    private static final int MAX_CHUNKS = 1 << 16;

    private final byte[] bytes;

    /// What has come: start and end, neither overlapping.
    private final TreeMap<Integer, Integer> covered = new TreeMap<>();
    private int chunks;
    private int coveredBytes;

    ReadRequest(long offset, int length) {
        super(offset, length);
        this.bytes = new byte[length];
    }

    @Override
    int command() {
        return READ;
    }

    @Override
    void data(long at, int count, Wire wire) throws IOException {
        int start = cover(at, count);
        wire.readInto(bytes, start, count);
    }

    @Override
    void hole(long at, long count) throws IOException {
        // The buffer is zeros, and what is covered once is not written again.
        cover(at, count);
    }

    private int cover(long at, long count) throws IOException {
        if (at < offset() || count < 1 || count > length() || at - offset() > length() - count) {
            throw new IOException("a reply must lie in the %d bytes at %d that were asked for but is %d at %d"
                    .formatted(length(), offset(), count, at));
        }
        int start = (int) (at - offset());
        int end = (int) (start + count);
        Map.Entry<Integer, Integer> before = covered.lowerEntry(end);
        if (before != null && before.getValue() > start) {
            throw new IOException("a byte must be sent once but that at %d was sent twice".formatted(
                    offset() + Math.max(start, before.getKey())));
        }
        if (++chunks > MAX_CHUNKS) {
            throw new IOException("a reply must have at most %d parts but has more".formatted(MAX_CHUNKS));
        }
        covered.put(start, end);
        coveredBytes += end - start;
        return start;
    }

    @Override
    byte[] result() throws IOException {
        if (coveredBytes != length()) {
            throw new IOException("a reply must have the %d bytes that were asked for but had %d".formatted(
                    length(), coveredBytes));
        }
        return bytes;
    }
}
