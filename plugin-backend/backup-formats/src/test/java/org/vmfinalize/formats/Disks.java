package org.vmfinalize.formats;

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

    private Disks() {}

    public static byte[] bytes(BackupDisk disk, ByteRange range) throws IOException {
        var bytes = ByteBuffer.allocate(Math.toIntExact(range.length()));
        disk.read(bytes, range.start());
        assertThat(bytes.hasRemaining()).isFalse();
        return bytes.array();
    }

    /// Reads all of the disk in pieces of random length, and some ranges again at random.
    public static void assertReads(BackupDisk disk, byte[] expected, long seed) throws IOException {
        var random = new Random(seed);
        for (int start = 0; start < expected.length;) {
            int end = Math.min(expected.length, start + 1 + random.nextInt(3 << 20));
            assertSame(disk, expected, start, end, seed);
            start = end;
        }
        for (int i = 0; i < 200; i++) {
            int start = random.nextInt(expected.length);
            int end = Math.min(expected.length, start + 1 + random.nextInt(70_000));
            assertSame(disk, expected, start, end, seed);
        }
    }

    private static void assertSame(BackupDisk disk, byte[] expected, int start, int end, long seed)
            throws IOException {
        byte[] actual = bytes(disk, new ByteRange(start, end));
        int at = Arrays.mismatch(actual, 0, actual.length, expected, start, end);
        assertThat(at).as("first wrong byte of [%d, %d), seed %d", start, end, seed).isEqualTo(-1);
    }

    public static List<Extent> list(Iterator<Extent> extents) {
        var list = new ArrayList<Extent>();
        extents.forEachRemaining(list::add);
        return list;
    }

    /// The extents cover the disk without gaps, and zero extents are zeros.
    public static void assertExtentsAreTrue(BackupDisk disk, byte[] content) throws IOException {
        long position = 0;
        for (var extent : list(disk.extents(new ByteRange(0, disk.size())))) {
            assertThat(extent.range().start()).isEqualTo(position);
            position = extent.range().end();
            if (extent.kind() == Extent.Kind.ZERO) {
                assertZero(content, extent.range());
            }
        }
        assertThat(position).isEqualTo(disk.size());
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

    /// What QEMU knows to be zeros we know, too.
    public static void assertAgreesWithMap(BackupDisk disk, List<Qemu.Mapped> map) throws IOException {
        assertThat(map).isNotEmpty();
        for (var part : map) {
            if (part.zero()) {
                var inside = part.range().within(new ByteRange(0, disk.size()));
                assertThat(list(disk.extents(inside))).as("extents of %s", inside).extracting(Extent::kind)
                        .containsOnly(Extent.Kind.ZERO);
            }
        }
    }

    private static void assertZero(byte[] content, ByteRange range) {
        for (long i = range.start(); i < range.end(); i++) {
            if (content[(int) i] != 0) {
                throw new AssertionError("zero extent %s has another byte at %d".formatted(range, i));
            }
        }
    }
}
