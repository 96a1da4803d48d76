package org.vmfinalize.lab.guest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.backup.Noise;

/// What a guest has written, by sector, without the bytes: a sector's content follows from its number, from the count of
/// the write that made it, and from the seed.
///
///     offset  bytes  a sector that was written
///          0      8  magic, "GUESTSEC"
///          8      8  sector number
///         16      8  generation: the number of the write, from 1
///         24    488  noise made from the three and the seed
///
/// **Threads:** any number, as long as no two use the same sector without ordering of their own.
final class WrittenSectors {

    static final int SECTOR_BYTES = 512;

    private static final long MAGIC = 0x4755455354534543L;
    private static final int HEADER_BYTES = 24;
    private static final int SECTORS_IN_A_PAGE = 128;

    private final long seed;

    /// Generations by sector, in pages of 64 KiB of disk that exist once something there was written.
    private final ConcurrentHashMap<Long, int[]> pages = new ConcurrentHashMap<>();

    WrittenSectors(long seed) {
        this.seed = seed;
    }

    /// Notes that `length` bytes at `position` hold what `content` returned for the same arguments.
    void note(long position, int length, int generation) {
        for (long sector = position / SECTOR_BYTES; sector < (position + length) / SECTOR_BYTES; sector++) {
            var page = pages.computeIfAbsent(sector / SECTORS_IN_A_PAGE, _ -> new int[SECTORS_IN_A_PAGE]);
            page[(int) (sector % SECTORS_IN_A_PAGE)] = generation;
        }
    }

    /// The bytes of a new write; position and length are multiples of 512.
    byte[] content(long position, int length, int generation) {
        var content = new byte[length];
        for (int offset = 0; offset < length; offset += SECTOR_BYTES) {
            fill(content, offset, (position + offset) / SECTOR_BYTES, generation);
        }
        return content;
    }

    /// Puts what was written over `content`, the bytes that the disk had before at `position`, both multiples of 512.
    void lay(byte[] content, long position) {
        for (int offset = 0; offset < content.length; offset += SECTOR_BYTES) {
            long sector = (position + offset) / SECTOR_BYTES;
            int generation = generation(sector);
            if (generation > 0) {
                fill(content, offset, sector, generation);
            }
        }
    }

    /// The write that the sector's content comes from; 0 if it was never written.
    int generation(long sector) {
        int @Nullable [] page = pages.get(sector / SECTORS_IN_A_PAGE);
        return page == null ? 0 : page[(int) (sector % SECTORS_IN_A_PAGE)];
    }

    long sectorCount() {
        return pages.values().stream().mapToLong(page -> Arrays.stream(page).filter(g -> g > 0).count())
                .sum();
    }

    /// Says for people what a sector holds.
    String describe(byte[] content, int offset) {
        var sector = ByteBuffer.wrap(content, offset, SECTOR_BYTES);
        if (sector.getLong() != MAGIC) {
            boolean empty = Arrays.equals(content, offset, offset + SECTOR_BYTES, new byte[SECTOR_BYTES], 0,
                    SECTOR_BYTES);
            return empty ? "zeros" : "bytes that the guest did not write";
        }
        return "sector %d of write %d".formatted(sector.getLong(), sector.getLong());
    }

    private void fill(byte[] target, int offset, long sector, int generation) {
        ByteBuffer.wrap(target, offset, HEADER_BYTES).putLong(MAGIC).putLong(sector).putLong(generation);
        Noise.fill(target, offset + HEADER_BYTES, SECTOR_BYTES - HEADER_BYTES,
                Noise.mix(seed ^ Noise.mix(sector)) + generation);
    }
}
