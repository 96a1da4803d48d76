package org.vmfinalize.formats.virtnbdbackup;

import java.util.Arrays;
import org.vmfinalize.backup.ByteRange;

/// Where the pieces of a compressed stream are: each is an LZ4 frame of its own, of up to 32 MiB of the disk. Unpacked they
/// are thought to follow one another.
///
/// It takes 20 bytes of memory for each piece.
final class Lz4Pieces {

    /// What virtnbdbackup asks an NBD server for at once.
    static final int MAX_BYTES = 32 << 20;

    private long[] starts = new long[256];
    private long[] hosts = new long[256];
    private int[] stored = new int[256];
    private int count;
    private long size;

    /// Adds a piece behind the others.
    ///
    /// @param host where it begins in the file
    /// @param storedBytes how many bytes it has there
    /// @param unpackedBytes how many it makes
    void add(long host, int storedBytes, int unpackedBytes) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            hosts = Arrays.copyOf(hosts, count * 2);
            stored = Arrays.copyOf(stored, count * 2);
        }
        starts[count] = size;
        hosts[count] = host;
        stored[count] = storedBytes;
        count++;
        size += unpackedBytes;
    }

    /// How many bytes all make.
    long size() {
        return size;
    }

    /// The piece that makes the byte at `position`.
    int at(long position) {
        int found = Arrays.binarySearch(starts, 0, count, position);
        return found >= 0 ? found : -found - 2;
    }

    /// Where the first byte is that a piece makes.
    long start(int piece) {
        return starts[piece];
    }

    /// How many bytes a piece makes.
    int length(int piece) {
        return (int) ((piece + 1 < count ? starts[piece + 1] : size) - starts[piece]);
    }

    /// Where a piece is in the file.
    ByteRange host(int piece) {
        return ByteRange.of(hosts[piece], stored[piece]);
    }
}
