package org.vmfinalize.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// What holds for every input: it is read, or refused with an [IOException]. No file is left open, none is read outside of
/// its bytes, and extents go forward.
public final class ReadOrRefuse {

    private static final int MAX_READ = 64 << 10;
    private static final int MAX_EXTENTS = 2000;

    private ReadOrRefuse() {}

    /// A file of which all others have the same bytes.
    public static void file(BackupFormat format, String name, byte[] bytes) {
        files(format, name, bytes, Map.of());
    }

    /// A file with others beside it.
    ///
    /// @param others by name; any other has the same bytes as the file itself
    public static void files(BackupFormat format, String name, byte[] bytes, Map<String, byte[]> others) {
        var file = new MemoryFile(name, bytes, others);
        try (var question = new MemoryFile(name, bytes, others)) {
            int sureness = format.recognises(question);
            if (sureness < 0 || sureness > 100) {
                throw new AssertionError("the sureness must be 0..100 but was " + sureness);
            }
        } catch (IOException _) {
            // It may find out at once.
        }
        try (var backup = format.open(file)) {
            for (var disk : backup.disks()) {
                readSome(disk);
                walk(disk.extents(new ByteRange(0, disk.size())), true);
                walk(disk.readOrder(), false);
            }
            backup.hardware();
            backup.verifyChecksums(_ -> {
            });
        } catch (IOException | UncheckedIOException _) {
            // Refused, as it should be.
        }
        if (file.open() != 0) {
            throw new AssertionError("%d files were left open".formatted(file.open()));
        }
    }

    private static void readSome(BackupDisk disk) throws IOException {
        for (long start : new long[]{0, disk.size() / 3, Math.max(0, disk.size() - MAX_READ)}) {
            disk.read(ByteBuffer.allocate((int) Math.min(MAX_READ, disk.size() - start)), start);
        }
    }

    private static void walk(Iterator<Extent> extents, boolean ascending) {
        long position = 0;
        for (int i = 0; i < MAX_EXTENTS && extents.hasNext(); i++) {
            ByteRange range = extents.next().range();
            if (range.isEmpty() || (ascending && range.start() != position)) {
                throw new AssertionError("an extent must begin at %d but was %s".formatted(position, range));
            }
            position = range.end();
        }
    }
}
