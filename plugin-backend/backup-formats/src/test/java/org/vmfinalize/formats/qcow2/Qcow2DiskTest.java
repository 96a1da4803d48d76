package org.vmfinalize.formats.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.Qemu;

class Qcow2DiskTest {

    private static final int CLUSTER = 65536;

    @TempDir
    Path folder;

    private FolderFile top() throws IOException {
        return new FolderFile(folder.resolve("top.qcow2"));
    }

    @Test
    void clustersThatFollowInTheFileAreReadAtOnce() throws IOException {
        var qemu = new Qemu(folder);
        qemu.img("create", "-f", "qcow2", "top.qcow2", "80M");
        qemu.io("top.qcow2", "write -P 1 0 40M");

        var top = top();
        try (var backup = new Qcow2Format().open(top)) {
            var disk = backup.disks().getFirst();
            Disks.bytes(disk, ByteRange.of(0, 40 << 20));
            top.reads().clear();

            Disks.bytes(disk, ByteRange.of(1000, (40 << 20) - 1000));

            // Between the two lies the second L2 table's cluster, if QEMU put it there: never more than one break.
            assertThat(top.reads()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void compressedClustersThatFollowInTheFileAreReadAtOnce() throws IOException {
        var qemu = new Qemu(folder);
        qemu.img("create", "-f", "raw", "source.raw", "4M");
        qemu.io("source.raw", "write -P 1 0 2M", "write -P 2 2M 2M");
        qemu.img("convert", "-f", "raw", "-O", "qcow2", "-c", "-m", "1", "source.raw", "top.qcow2");

        var top = top();
        try (var backup = new Qcow2Format().open(top)) {
            var disk = backup.disks().getFirst();
            Disks.bytes(disk, ByteRange.of(0, 10));
            top.reads().clear();

            Disks.bytes(disk, ByteRange.of(CLUSTER, 3 << 20));

            assertThat(top.reads()).hasSize(1);
        }
    }

    @Test
    void aCompressedClusterThatIsReadBitByBitIsReadOnce() throws IOException {
        SmallImage.make().write(folder.resolve("top.qcow2"));
        var top = top();
        try (var backup = new Qcow2Format().open(top)) {
            var disk = backup.disks().getFirst();
            Disks.bytes(disk, ByteRange.of(3 * SmallImage.CLUSTER, 100));
            top.reads().clear();

            assertThat(Disks.bytes(disk, ByteRange.of(3 * SmallImage.CLUSTER + 100, 1000))).containsOnly('d');

            assertThat(top.reads()).isEmpty();
        }
    }

    @Test
    void theReadOrderIsThatOfTheFile() throws IOException {
        var qemu = new Qemu(folder);
        qemu.img("create", "-f", "qcow2", "top.qcow2", "16M");
        qemu.io("top.qcow2", "write -P 1 8M 64k", "write -P 2 2M 128k", "write -P 3 12M 64k",
                "write -P 4 0 64k",
                "write -z 2M 64k");

        var top = top();
        try (var backup = new Qcow2Format().open(top)) {
            assertThat(Disks.list(backup.disks().getFirst().readOrder())).extracting(Extent::range)
                    .containsExactly(
                            ByteRange.of(8 << 20, CLUSTER), ByteRange.of((2 << 20) + CLUSTER, CLUSTER),
                            ByteRange.of(12 << 20, CLUSTER), ByteRange.of(0, CLUSTER));
        }
    }

    @Test
    void theReadOrderOfAChainTakesOneFileAfterTheOtherButKeepsNeighboursTogether() throws IOException {
        var qemu = new Qemu(folder);
        qemu.img("create", "-f", "qcow2", "base.qcow2", "16M");
        qemu.io("base.qcow2", "write -P 1 8M 128k", "write -P 2 0 64k");
        qemu.img("create", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", "top.qcow2");
        qemu.io("top.qcow2", "write -P 3 8M 64k", "write -P 4 4M 64k");

        var top = top();
        try (var backup = new Qcow2Format().open(top)) {
            assertThat(Disks.list(backup.disks().getFirst().readOrder())).extracting(Extent::range)
                    .containsExactly(
                            ByteRange.of(8 << 20, 2 * CLUSTER), ByteRange.of(4 << 20, CLUSTER),
                            ByteRange.of(0, CLUSTER));
        }
    }

    @Test
    void theReadOrderKeepsNeighboursTogetherThatLieShuffledInTheFile() throws IOException {
        var qemu = new Qemu(folder);
        qemu.img("create", "-f", "qcow2", "top.qcow2", "16M");
        for (int cluster : new int[]{35, 34, 33, 2, 32, 1, 0}) {
            qemu.io("top.qcow2", "write -P %d %d 64k".formatted(cluster + 1, cluster * CLUSTER));
        }

        try (var backup = new Qcow2Format().open(top())) {
            assertThat(Disks.list(backup.disks().getFirst().readOrder())).extracting(Extent::range)
                    .containsExactly(ByteRange.of(32 * CLUSTER, 4 * CLUSTER), ByteRange.of(0, 3 * CLUSTER));
        }
    }

    @Test
    void manyThreadsReadTheRightBytes() throws Exception {
        var qemu = new Qemu(folder);
        byte[] text = "compressed and read by many\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        byte[] content = Arrays.copyOf(text, 2 << 20);
        Files.write(folder.resolve("source.raw"), content);
        qemu.img("convert", "-f", "raw", "-O", "qcow2", "-c", "-o", "cluster_size=4k", "source.raw",
                "top.qcow2");

        try (var backup = new Qcow2Format().open(top());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var disk = backup.disks().getFirst();
            Callable<Void> reader = () -> {
                Disks.assertReads(disk, content, Thread.currentThread().threadId());
                return null;
            };
            for (var done : threads.invokeAll(List.of(reader, reader, reader, reader))) {
                done.get();
            }
        }
    }

    @Test
    void aHoldMarksAllFilesOfTheChainAndAReleaseFreesThem() throws IOException {
        SmallImage.make().write(folder.resolve("base"));
        SmallImage.make().withBacking("base", "qcow2").write(folder.resolve("top.qcow2"));

        var top = top();
        try (var backup = new Qcow2Format().open(top)) {
            backup.hold(new Backup.Holder("lease-1", "a VM runs from it", Instant.EPOCH));
            assertThat(top.holders()).containsExactly("lease-1");
            assertThat(top.siblings().getFirst().holders()).containsExactly("lease-1");

            backup.release("lease-1");
            assertThat(top.holders()).isEmpty();
            assertThat(top.siblings().getFirst().holders()).isEmpty();
            assertThat(backup.files()).containsExactly(folder.resolve("top.qcow2").toString(),
                    folder.resolve("base").toString());
        }
        assertThat(top.isOpen()).isFalse();
    }

    @Test
    void readsAreForReadersInsideTheDiskOnly() throws IOException {
        SmallImage.make().write(folder.resolve("top.qcow2"));
        var top = top();
        try (var backup = new Qcow2Format().open(top)) {
            BackupDisk disk = backup.disks().getFirst();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> disk.read(ByteBuffer.allocate(2), disk.size() - 1));
            assertThatIllegalArgumentException().isThrownBy(() -> disk.read(ByteBuffer.allocate(1), -1));
            disk.read(ByteBuffer.allocate(0), disk.size());
            assertThat(disk.extents(new ByteRange(disk.size(), disk.size() + 10))).isExhausted();
            assertThat(disk.bestReadSize()).isEqualTo(1 << 20);
        }
    }
}
