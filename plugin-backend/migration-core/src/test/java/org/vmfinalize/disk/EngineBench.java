package org.vmfinalize.disk;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;

/// Prints how long opening takes and how much memory a block map takes, for `scripts/bench-engine`.
final class EngineBench {

    private static final long TIB = 1L << 40;
    private static final int MILLION = 1_000_000;
    private static final UUID ID = new UUID(1, 2);

    private final Path folder;
    private final MemoryBackup backup = new MemoryBackup(new byte[1 << 20], false);

    private EngineBench(Path folder) {
        this.folder = folder;
    }

    /// Measures all.
    ///
    /// @param arguments where some hundred MiB fit
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "vm-finalize-engine-");
        try {
            var bench = new EngineBench(folder);
            bench.sparse();
            bench.worstPattern();
            bench.millionRecords("crashed-small", TIB / 8);
            bench.millionRecords("crashed", 4 * TIB);
            bench.layDown();
        } finally {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private LiveDisk make(String name, long size) throws IOException {
        Files.createDirectory(folder.resolve(name));
        return LiveDisk.create(Volume.local(), folder.resolve(name), folder.resolve(name + "-flat.vmdk"),
                name, ID,
                size, backup.source(), LiveDiskSettings.DEFAULT);
    }

    private LiveDisk open(String name, long size) throws IOException {
        return LiveDisk.open(Volume.local(), folder.resolve(name), folder.resolve(name + "-flat.vmdk"), name,
                ID,
                size, backup.source(), LiveDiskSettings.DEFAULT);
    }

    private void sparse() throws IOException {
        make("sparse", 4 * TIB).close();
        long heap = usedBytes();
        long began = System.nanoTime();
        try (var disk = open("sparse", 4 * TIB)) {
            print("open a sparse disk of 4 TiB", began);
            print("its map when idle", usedBytes() - heap, disk);
        }
    }

    /// Every second block of the whole disk, as fast as it can be marked.
    private void worstPattern() throws IOException {
        long size = 4 * TIB;
        make("worst", size).close();
        Path state = folder.resolve("worst");
        long heap = usedBytes();
        var opened = MapStore.open(Volume.local(), state, ID, size);
        var map = opened.blocks().map();
        for (int chunk = 0; chunk < map.chunkCount(); chunk++) {
            long[] everySecond = new long[BlockMap.CHUNK_WORDS];
            Arrays.fill(everySecond, 0x5555_5555_5555_5555L);
            map.restoreChunk(chunk, everySecond);
        }
        map.restoreCount(Origin.GUEST, map.localBlocks());
        print("map of 4 TiB of which every second block is local", usedBytes() - heap, opened);
        long began = System.nanoTime();
        opened.store().adopt(opened.store().prepareCheckpoint(opened.blocks()));
        print("write its checkpoint of %d MiB".formatted(Files.size(state.resolve("map")) >> 20), began);
        map.close();
        opened.store().close();
        began = System.nanoTime();
        try (var disk = open("worst", size)) {
            print("open that disk", began);
            print("its map", usedBytes() - heap, disk);
        }
    }

    private void millionRecords(String name, long size) throws IOException {
        make(name, size).close();
        var opened = MapStore.open(Volume.local(), folder.resolve(name), ID, size);
        for (int i = 0; i < MILLION; i += 1000) {
            var marks = new Marks();
            for (int n = i; n < i + 1000; n++) {
                // Far apart and in no order, as a guest's random writes are.
                long block = (n * 769_000_009L) % (size / BlockMap.BLOCK_BYTES);
                marks.add(block, block + 1, Origin.GUEST);
            }
            opened.store().append(marks);
            opened.store().forceJournal();
        }
        opened.store().close();
        long began = System.nanoTime();
        try (var disk = open(name, size)) {
            print("open a disk of %d GiB after a crash, with a journal of %d records".formatted(size >> 30,
                    MILLION),
                    began);
            if (disk.counters().guestWrittenBytes() != (long) MILLION * BlockMap.BLOCK_BYTES) {
                throw new IllegalStateException("the journal was not read as a whole");
            }
        }
    }

    private void layDown() throws IOException {
        long size = 8 * TIB;
        var sparseBackup = new MemoryBackup(new byte[0], true) {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void read(ByteBuffer target, long position) {
                target.position(target.limit());
            }

            @Override
            public Iterator<Extent> extents(ByteRange range) {
                return List.of(new Extent(range, Extent.Kind.ZERO)).iterator();
            }
        };
        Files.createDirectory(folder.resolve("datastore"));
        try (var datastore = Datastore.open("bench", folder.resolve("datastore"), _ -> sparseBackup)) {
            long began = System.nanoTime();
            datastore.create("vm", BackupReference.at("memory"));
            print("lay down a disk of 8 TiB of which the backup knows that it is zeros", began);
        }
    }

    private static void print(String what, long beganNanos) {
        System.out.printf("%-75s %8.3f s%n", what, (System.nanoTime() - beganNanos) / 1e9);
    }

    /// @param alive what takes the memory, kept until it was measured
    private static void print(String what, long bytes, Object alive) {
        try {
            System.out.printf("%-75s %8.2f MiB%n", what, Math.max(0, bytes) / 1048576.0);
        } finally {
            Reference.reachabilityFence(alive);
        }
    }

    private static long usedBytes() {
        var runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
