package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vmfinalize.backup.ByteRange;

/// What of a disk is where, part by part.
class DiskCellsTest {

    private static final int BLOCK = 4096;
    private static final Path STATE = Path.of("/ds/state");
    private static final UUID ID = new UUID(1, 2);

    private final PowerLossVolume volume = new PowerLossVolume(new Random(7));

    private LiveDisk disk(int size) throws IOException {
        volume.createFolder(STATE);
        var content = new byte[size];
        new Random(3).nextBytes(content);
        return LiveDisk.create(volume, STATE, Path.of("/ds/disk-flat.vmdk"), "disk", ID, size,
                new MemoryBackup(content, false).source(),
                LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ZERO));
    }

    private static void hydrate(LiveDisk disk, int from, int end) throws IOException {
        var missing = disk.missing();
        var wanted = new ByteRange(from, end);
        for (var run = missing.next(wanted); !run.isEmpty(); run = missing.next(wanted)) {
            var buffer = ByteBuffer.allocate((int) run.length());
            missing.read(buffer, run.start());
            missing.fill(buffer.flip(), run.start(), false);
        }
    }

    @Test
    void tellsWhatIsInTheBackupHydratedAndWrittenByTheGuest() throws IOException {
        try (var disk = disk(16 * BLOCK)) {
            disk.write(ByteBuffer.allocate(2 * BLOCK), 4 * BLOCK);
            hydrate(disk, 4 * BLOCK, 8 * BLOCK);
            hydrate(disk, 8 * BLOCK, 11 * BLOCK);

            assertThat(disk.cells(4)).containsExactly(
                    new DiskCell(4 * BLOCK, 0, 0),
                    new DiskCell(4 * BLOCK, 4 * BLOCK, 2 * BLOCK),
                    new DiskCell(4 * BLOCK, 3 * BLOCK, 0),
                    new DiskCell(4 * BLOCK, 0, 0));
        }
    }

    @Test
    void countsWhatTheGuestWroteOverHydratedBlocksAsTheGuests() throws IOException {
        try (var disk = disk(4 * BLOCK)) {
            hydrate(disk, 0, 4 * BLOCK);
            disk.write(ByteBuffer.allocate(BLOCK), BLOCK);

            assertThat(disk.cells(1)).containsExactly(new DiskCell(4 * BLOCK, 4 * BLOCK, BLOCK));
        }
    }

    @Test
    void coversTheWholeDiskWhateverItsSizeAndTheNumberOfParts() throws IOException {
        int size = 37 * BLOCK + 512;
        try (var disk = disk(size)) {
            for (int wanted : List.of(1, 2, 7, 37, 38, 1000)) {
                var cells = disk.cells(wanted);

                assertThat(cells).hasSize(Math.min(wanted, 38)).noneMatch(cell -> cell.sizeBytes() <= 0);
                assertThat(cells.stream().mapToLong(DiskCell::sizeBytes).sum()).isEqualTo(size);
            }
        }
    }

    @Test
    void findsAboutHowMuchOfALargePartIsTheGuests() throws IOException {
        int blocks = 4096;
        try (var disk = disk(blocks * BLOCK)) {
            disk.write(ByteBuffer.allocate(blocks / 2 * BLOCK), 0);
            hydrate(disk, 0, blocks * BLOCK);

            assertThat(disk.cells(1).getFirst().guestBytes()).isEqualTo(blocks / 2L * BLOCK);
        }
    }
}
