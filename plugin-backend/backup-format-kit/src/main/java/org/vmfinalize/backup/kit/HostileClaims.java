package org.vmfinalize.backup.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// What a format promises about files that fail or lie: an [IOException] and nothing else, in the end, and no file left
/// open.
final class HostileClaims {

    private static final int CUTS = 40;
    private static final int DAMAGES = 200;
    private static final int MAX_READ = 1 << 20;
    private static final int MAX_EXTENTS = 100_000;

    private HostileClaims() {}

    static void passesOnFailures(Opening opening) throws IOException {
        var folder = new SampleFolder();
        try (var backup = opening.open(folder)) {
            for (int i = 0; i < backup.disks().size(); i++) {
                BackupDisk disk = backup.disks().get(i);
                byte[] expected = opening.made().disks().get(i);
                if (!disk.readOrder().hasNext()) {
                    continue;
                }
                folder.failReads(_ -> true);
                assertThatExceptionOfType(IOException.class).as("reading all of %s", disk.name())
                        .isThrownBy(() -> disk.read(ByteBuffer.allocate(expected.length), 0));
                folder.failReads(_ -> false);
                Disks.assertReads(disk, expected, i);
            }
        }
    }

    static void closesFilesWhenOpeningFails(Opening opening) throws IOException {
        boolean opened = false;
        // The first read fails, then the second one, and so on, until opening needs no more.
        for (int fails = 0; !opened; fails++) {
            var folder = new SampleFolder();
            var left = new int[]{fails};
            folder.failReads(_ -> left[0]-- == 0);
            try (var _ = opening.open(folder)) {
                opened = left[0] >= 0 || fails > 100;
                if (left[0] < 0) {
                    // A format may do without what it could not read, such as a checksum.
                    continue;
                }
            } catch (IOException e) {
                assertThat(left[0]).as("opening failed without a failing read: %s", e).isNegative();
            }
            assertThat(folder.opened()).noneMatch(FolderFile::isOpen);
        }
    }

    static void survivesCutFiles(Opening opening) throws IOException {
        for (var file : filesOf(opening)) {
            byte[] whole = Files.readAllBytes(file);
            // From the longest to the shortest, so that it need not be made whole in between.
            for (int i = CUTS - 1; i >= 0; i--) {
                try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
                    cut.setLength((long) whole.length * i / CUTS);
                }
                readOrRefuse(opening, "cut to %d of %d parts".formatted(i, CUTS));
            }
            Files.write(file, whole);
        }
    }

    static void survivesDamage(Opening opening) throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (var file : filesOf(opening)) {
            long size = Files.size(file);
            for (int i = 0; i < DAMAGES && size > 0; i++) {
                var whole = new TreeMap<Long, Byte>();
                try (var damaged = new RandomAccessFile(file.toFile(), "rw")) {
                    for (int j = 0; j <= random.nextInt(4); j++) {
                        damage(damaged, size, random, whole);
                    }
                    readOrRefuse(opening, "damage %d of seed %d".formatted(i, seed));
                    for (var before : whole.entrySet()) {
                        damaged.seek(before.getKey());
                        damaged.write(before.getValue());
                    }
                }
            }
        }
    }

    /// Near the start, mostly: headers and tables lie there, or at the end.
    private static void damage(RandomAccessFile file, long size, Random random, Map<Long, Byte> whole)
            throws IOException {
        long at = random.nextLong(Math.min(size, 1L << random.nextInt(6, 18)));
        long place = random.nextInt(4) == 0 ? size - 1 - at : at;
        file.seek(place);
        byte before = file.readByte();
        whole.putIfAbsent(place, before);
        file.seek(place);
        file.write(switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 0xff;
            case 2 -> before ^ (1 << random.nextInt(8));
            default -> random.nextInt();
        });
    }

    private static List<Path> filesOf(Opening opening) throws IOException {
        var folder = new SampleFolder();
        try (var _ = opening.open(folder)) {
            return folder.opened().stream().map(FolderFile::path).distinct().toList();
        }
    }

    private static void readOrRefuse(Opening opening, String what) throws IOException {
        var folder = new SampleFolder();
        try (var top = folder.open(opening.made().top())) {
            opening.format().recognises(top);
        } catch (IOException _) {
            // It may find out at once.
        }
        try (Backup backup = opening.open(folder)) {
            for (var disk : backup.disks()) {
                readSome(disk);
                walk(disk.extents(new ByteRange(0, disk.size())));
                walk(disk.readOrder());
            }
        } catch (IOException | UncheckedIOException _) {
            // Refused, as it should be.
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("must be refused with an IOException: " + what, e);
        }
        assertThat(folder.opened()).as(what).noneMatch(FolderFile::isOpen);
    }

    private static void readSome(BackupDisk disk) throws IOException {
        long size = disk.size();
        for (long start : new long[]{0, size / 3, Math.max(0, size - MAX_READ)}) {
            disk.read(ByteBuffer.allocate((int) Math.min(MAX_READ, size - start)), start);
        }
    }

    private static void walk(Iterator<Extent> extents) {
        for (int i = 0; i < MAX_EXTENTS && extents.hasNext(); i++) {
            extents.next();
        }
    }
}
