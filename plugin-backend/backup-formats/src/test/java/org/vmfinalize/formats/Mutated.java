package org.vmfinalize.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.kit.FolderFile;

/// Images that were changed at random.
public final class Mutated {

    private static final int MAX_EXTENTS = 200_000;
    private static final int MAX_READ = 1 << 20;

    private Mutated() {}

    /// A number of 4 bytes that is put into an image.
    public record Change(int offset, int value) {}

    /// Some changes at the offsets that mean something.
    ///
    /// @param values that mean something to the format, besides those that mean trouble to all
    public static Arbitrary<List<Change>> changes(int[] offsets, int... values) {
        var special = IntStream.concat(Arrays.stream(values),
                IntStream.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE, 1 << 30, 4096, 8192));
        var anything = Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(0, 130),
                Arbitraries.of(special.boxed().toList()));
        return Combinators.combine(Arbitraries.of(Arrays.stream(offsets).boxed().toList()), anything)
                .as(Change::new).list().ofMinSize(1).ofMaxSize(5);
    }

    /// Opens and reads an image: whatever is in it, it is read, or refused with an [IOException] and closed.
    public static void readOrRefuse(BackupFormat format, Path image) throws IOException {
        var file = new FolderFile(image);
        try (var backup = format.open(file)) {
            var disk = backup.disks().getFirst();
            readSome(disk);
            walk(disk.extents(new ByteRange(0, disk.size())));
            walk(disk.readOrder());
        } catch (IOException | UncheckedIOException _) {
            // Refused, as it should be.
        }
        if (file.isOpen()) {
            throw new AssertionError("the file was left open");
        }
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
