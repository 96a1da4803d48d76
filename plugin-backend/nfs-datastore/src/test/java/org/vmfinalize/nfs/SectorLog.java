package org.vmfinalize.nfs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What the client of a disk knows of each sector: the version that the server has called stable, and those that it has
/// written since.
final class SectorLog {

    static final int SECTOR_BYTES = 512;

    private final byte[] backup;
    private final long seed;
    private final int[] stable;
    private final Map<Integer, List<Integer>> newer = new HashMap<>();
    private int versions;

    SectorLog(byte[] backup, long seed) {
        this.backup = backup;
        this.seed = seed;
        this.stable = new int[backup.length / SECTOR_BYTES];
    }

    int sectors() {
        return stable.length;
    }

    /// The next version of some sectors, which is about to be written.
    byte[] next(int first, int count) {
        versions++;
        byte[] bytes = new byte[count * SECTOR_BYTES];
        for (int i = 0; i < count; i++) {
            newer.computeIfAbsent(first + i, _ -> new ArrayList<>()).add(versions);
            System.arraycopy(content(first + i, versions), 0, bytes, i * SECTOR_BYTES, SECTOR_BYTES);
        }
        return bytes;
    }

    /// The last version of some sectors is stable.
    void stable(int first, int count) {
        for (int sector = first; sector < first + count; sector++) {
            var written = newer.remove(sector);
            stable[sector] = written == null ? stable[sector] : written.getLast();
        }
    }

    /// All that was written is stable.
    void allStable() {
        stable(0, sectors());
    }

    /// Compares the disk, and goes on from what is there.
    ///
    /// @throws AssertionError if a sector has neither its stable version nor a newer one
    void check(byte[] disk) {
        for (int sector = 0; sector < sectors(); sector++) {
            int at = sector * SECTOR_BYTES;
            byte[] found = Arrays.copyOfRange(disk, at, at + SECTOR_BYTES);
            if (!Arrays.equals(found, content(sector, stable[sector]))) {
                stable[sector] = newerVersion(sector, found);
            }
        }
        newer.clear();
    }

    private int newerVersion(int sector, byte[] found) {
        var versionsSince = newer.getOrDefault(sector, List.of());
        return versionsSince.stream().filter(version -> Arrays.equals(found, content(sector, version)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "sector %d: must have version %d, which is stable, or one of %s, but has another"
                                .formatted(sector, stable[sector], versionsSince)));
    }

    /// Version 0 is the backup's.
    private byte[] content(int sector, int version) {
        if (version == 0) {
            return Arrays.copyOfRange(backup, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
        }
        byte[] bytes = new byte[SECTOR_BYTES];
        new Random(seed + sector * 1_000_003L + version).nextBytes(bytes);
        return bytes;
    }
}
