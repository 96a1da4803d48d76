package org.vmfinalize.backup.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// What a disk promises.
final class DiskClaims {

    private static final int THREADS = 8;

    private DiskClaims() {}

    /// What is tried with a disk and the bytes that it must have.
    private interface OfADisk {
        void holdsFor(BackupDisk disk, byte[] expected) throws Exception;
    }

    private static void forEach(Opening opening, OfADisk claim) throws Exception {
        try (var backup = opening.open()) {
            for (int i = 0; i < opening.made().disks().size(); i++) {
                claim.holdsFor(backup.disks().get(i), opening.made().disks().get(i));
            }
        }
    }

    static void readsTheReference(Opening opening) throws Exception {
        forEach(opening, (disk, expected) -> Disks.assertReads(disk, expected, System.nanoTime()));
    }

    static void fillsAnyBuffer(Opening opening) throws Exception {
        forEach(opening, (disk, expected) -> {
            for (var buffer : List.of(ByteBuffer.allocate(100), ByteBuffer.allocateDirect(100),
                    ByteBuffer.allocate(300).slice(50, 100))) {
                fills(buffer, disk, expected);
            }
            var nothing = ByteBuffer.allocate(0);
            disk.read(nothing, 0);
            disk.read(nothing, disk.size());
        });
    }

    private static void fills(ByteBuffer buffer, BackupDisk disk, byte[] expected) throws IOException {
        int length = Math.min(60, expected.length);
        for (long position : new long[]{0, (expected.length - length) / 2, expected.length - length}) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                buffer.put((byte) 0x5a);
            }
            buffer.limit(20 + length).position(20);

            disk.read(buffer, position);

            assertThat(buffer.position()).as("position after the read").isEqualTo(20 + length);
            assertThat(buffer.limit()).as("limit after the read").isEqualTo(20 + length);
            buffer.clear();
            var bytes = new byte[100];
            buffer.get(bytes);
            assertThat(Arrays.copyOfRange(bytes, 20, 20 + length))
                    .isEqualTo(Arrays.copyOfRange(expected, (int) position, (int) position + length));
            assertThat(Arrays.copyOf(bytes, 20)).as("bytes before the position").containsOnly(0x5a);
            assertThat(Arrays.copyOfRange(bytes, 20 + length, 100)).as("bytes behind the limit")
                    .containsOnly(0x5a);
        }
    }

    static void refusesToReadOutside(Opening opening) throws Exception {
        forEach(opening, (disk, _) -> {
            for (long position : new long[]{-1, Long.MIN_VALUE, disk.size(), disk.size() - 1,
                    Long.MAX_VALUE - 1,
                    Long.MAX_VALUE}) {
                assertThatIllegalArgumentException().as("reading 2 bytes at %d", position)
                        .isThrownBy(() -> disk.read(ByteBuffer.allocate(2), position));
            }
        });
    }

    static void tellsExtents(Opening opening) throws Exception {
        forEach(opening, (disk, expected) -> {
            Disks.assertExtentsAreTrue(disk, expected);
            Disks.assertExtentsAreCut(disk, expected, System.nanoTime());
        });
    }

    static void ordersReads(Opening opening) throws Exception {
        forEach(opening, (disk, _) -> Disks.assertReadOrderIsComplete(disk));
    }

    static void endsItsIterators(Opening opening) throws Exception {
        forEach(opening, (disk, _) -> {
            var whole = new ByteRange(0, disk.size());
            assertThat(Disks.list(disk.extents(whole))).isEqualTo(Disks.list(disk.extents(whole)));
            assertEnds(disk.extents(whole));
            assertEnds(disk.readOrder());
        });
    }

    private static void assertEnds(Iterator<Extent> iterator) {
        while (iterator.hasNext()) {
            assertThat(iterator.hasNext()).as("hasNext() asked again").isTrue();
            assertThat(iterator.next()).isNotNull();
        }
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    }

    static void readsFromManyThreads(Opening opening) throws Exception {
        forEach(opening, (disk, expected) -> {
            List<Future<?>> results = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < THREADS; i++) {
                    long seed = i;
                    results.add(threads.submit(() -> {
                        Disks.assertReads(disk, expected, seed);
                        Disks.assertExtentsAreTrue(disk, expected);
                        return null;
                    }));
                }
            }
            for (var result : results) {
                result.get();
            }
        });
    }
}
