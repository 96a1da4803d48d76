package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.formats.FolderFile;

/// Whatever is in an image: it is read, or refused with an [IOException]; nothing else, and not without end.
class MutatedQcow2Test {

    /// The places that mean something: fields of the header, extensions, tables, the start of compressed data.
    private static final int[] TARGETS = {0, 4, 8, 16, 20, 24, 28, 32, 36, 40, 44, 72, 76, 96, 100, 104, 108,
            112, 116,
            120, 124, SmallImage.L1, SmallImage.L1 + 4, SmallImage.L2, SmallImage.L2 + 4, SmallImage.L2 + 8,
            SmallImage.L2 + 12, SmallImage.L2 + 16, SmallImage.L2 + 20, SmallImage.L2 + 24,
            SmallImage.L2 + 28,
            SmallImage.L2 + 32, SmallImage.COMPRESSED, SmallImage.COMPRESSED + 4};

    private static final int MAX_EXTENTS = 200_000;
    private static final int MAX_READ = 1 << 20;

    private static final Path FOLDER = makeFolder();

    private static Path makeFolder() {
        try {
            Path folder = Files.createTempDirectory("mutated");
            SmallImage.make().write(folder.resolve("base"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        Files.deleteIfExists(FOLDER.resolve("top"));
        Files.deleteIfExists(FOLDER.resolve("base"));
        Files.delete(FOLDER);
    }

    record Change(int offset, int value) {}

    @Property(tries = 2000)
    void anImageIsReadOrRefused(@ForAll("changes") List<Change> changes, @ForAll boolean backing)
            throws IOException {
        var image = SmallImage.make();
        if (backing) {
            image.withBacking("base", "qcow2");
        }
        changes.forEach(change -> image.put(change.offset(), change.value()));
        image.write(FOLDER.resolve("top"));

        var file = new FolderFile(FOLDER.resolve("top"));
        try (var backup = new Qcow2Format().open(file)) {
            var disk = backup.disks().getFirst();
            readSome(disk);
            walk(disk);
        } catch (IOException | UncheckedIOException _) {
            // Refused, as it should be.
        }
        if (file.isOpen()) {
            throw new AssertionError("the file was left open");
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        var offsets = Arbitraries.of(Arrays.stream(TARGETS).boxed().toList());
        var values = Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(0, 130),
                Arbitraries.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE, 1 << 30, 4096, 8192, 0x5146_49fb,
                        0xe279_2aca, 0x6803_f857));
        return Combinators.combine(offsets, values).as(Change::new).list().ofMinSize(1).ofMaxSize(5);
    }

    private static void readSome(BackupDisk disk) throws IOException {
        long size = disk.size();
        for (long start : new long[]{0, size / 3, Math.max(0, size - MAX_READ)}) {
            disk.read(ByteBuffer.allocate((int) Math.min(MAX_READ, size - start)), start);
        }
    }

    private static void walk(BackupDisk disk) throws IOException {
        var extents = new ArrayList<Extent>();
        var all = disk.extents(new ByteRange(0, disk.size()));
        while (all.hasNext() && extents.size() < MAX_EXTENTS) {
            extents.add(all.next());
        }
        var order = disk.readOrder();
        for (int i = 0; i < MAX_EXTENTS && order.hasNext(); i++) {
            order.next();
        }
    }
}
