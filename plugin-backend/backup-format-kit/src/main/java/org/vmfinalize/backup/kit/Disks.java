package org.vmfinalize.backup.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// What every disk of a backup must hold to, whatever its format.
public final class Disks {

    private static final int MAX_PIECE = 3 << 20;
    private static final int MAX_AT_RANDOM = 70_000;
    private static final int TIMES_AT_RANDOM = 200;

    private Disks() {}

    /// The bytes of a range, which must be there.
    public static byte[] bytes(BackupDisk disk, ByteRange range) throws IOException {
        var bytes = ByteBuffer.allocate(Math.toIntExact(range.length()));
        disk.read(bytes, range.start());
        assertThat(bytes.hasRemaining()).isFalse();
        return bytes.array();
    }

    /// Reads all of the disk in pieces of random length, and some ranges again at random.
    ///
    /// @param seed told when an assertion fails
    public static void assertReads(BackupDisk disk, byte[] expected, long seed) throws IOException {
        assertThat(disk.size()).isEqualTo(expected.length);
        var random = new Random(seed);
        for (int start = 0; start < expected.length;) {
            int end = Math.min(expected.length, start + 1 + random.nextInt(MAX_PIECE));
            assertSame(disk, expected, start, end, seed);
            start = end;
        }
        for (int i = 0; i < TIMES_AT_RANDOM; i++) {
            int start = random.nextInt(expected.length);
            int end = Math.min(expected.length, start + 1 + random.nextInt(MAX_AT_RANDOM));
            assertSame(disk, expected, start, end, seed);
        }
    }

    private static void assertSame(BackupDisk disk, byte[] expected, int start, int end, long seed)
            throws IOException {
        byte[] actual = bytes(disk, new ByteRange(start, end));
        int at = Arrays.mismatch(actual, 0, actual.length, expected, start, end);
        assertThat(at).as("first wrong byte of [%d, %d), seed %d", start, end, seed).isEqualTo(-1);
    }

    /// All that an iterator gives.
    public static List<Extent> list(Iterator<Extent> extents) {
        var list = new ArrayList<Extent>();
        extents.forEachRemaining(list::add);
        return list;
    }

    /// The extents cover the disk without gaps, and zero extents are zeros.
    public static void assertExtentsAreTrue(BackupDisk disk, byte[] content) throws IOException {
        assertCovers(list(disk.extents(new ByteRange(0, disk.size()))), new ByteRange(0, disk.size()),
                content);
    }

    /// The same for ranges at random: the extents are cut to the range.
    ///
    /// @param seed told when an assertion fails
    public static void assertExtentsAreCut(BackupDisk disk, byte[] content, long seed) throws IOException {
        var random = new Random(seed);
        for (int i = 0; i < TIMES_AT_RANDOM; i++) {
            long start = random.nextLong(disk.size());
            var range = new ByteRange(start, start + 1 + random.nextLong(disk.size() - start));
            assertThat(range.end()).as("seed %d", seed).isLessThanOrEqualTo(disk.size());
            assertCovers(list(disk.extents(range)), range, content);
        }
        assertThat(disk.extents(new ByteRange(0, 0))).as("extents of an empty range").isExhausted();
    }

    private static void assertCovers(List<Extent> extents, ByteRange range, byte[] content) {
        long position = range.start();
        for (var extent : extents) {
            assertThat(extent.range().isEmpty()).as("%s is empty", extent).isFalse();
            assertThat(extent.range().start()).as("start of %s in %s", extent, range).isEqualTo(position);
            position = extent.range().end();
            if (extent.kind() == Extent.Kind.ZERO) {
                assertZero(content, extent.range());
            }
        }
        assertThat(position).as("end of the extents of %s", range).isEqualTo(range.end());
    }

    /// The read order has each byte that is not in a zero extent once, and no other.
    public static void assertReadOrderIsComplete(BackupDisk disk) throws IOException {
        var inOrder = list(disk.readOrder());
        assertThat(inOrder).extracting(Extent::kind).doesNotContain(Extent.Kind.ZERO);
        inOrder.sort(Comparator.comparingLong(extent -> extent.range().start()));
        var expected = list(disk.extents(new ByteRange(0, disk.size()))).stream()
                .filter(extent -> extent.kind() != Extent.Kind.ZERO).toList();
        assertThat(joined(inOrder)).isEqualTo(joined(expected));
    }

    private static List<ByteRange> joined(List<Extent> extents) {
        var ranges = new ArrayList<ByteRange>();
        for (var extent : extents) {
            if (!ranges.isEmpty() && ranges.getLast().end() == extent.range().start()) {
                ranges.add(new ByteRange(ranges.removeLast().start(), extent.range().end()));
            } else {
                ranges.add(extent.range());
            }
        }
        return ranges;
    }

    private static void assertZero(byte[] content, ByteRange range) {
        for (long i = range.start(); i < range.end(); i++) {
            if (content[(int) i] != 0) {
                throw new AssertionError("zero extent %s has another byte at %d".formatted(range, i));
            }
        }
    }
}
