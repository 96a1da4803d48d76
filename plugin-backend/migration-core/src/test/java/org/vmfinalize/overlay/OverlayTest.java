package org.vmfinalize.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.MemoryBackup;

/// Overlays as QEMU's own tools see them: sound, and with just the bytes that the guest saw.
@Timeout(120)
class OverlayTest {

    private static final int BLOCK = 4096;

    @TempDir
    Path folder;

    @BeforeEach
    void needsQemu() {
        assumeTrue(isThere("qemu-img"), "needs qemu-img; install the Debian package qemu-utils");
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }

    /// Sizes that end inside a block, a cluster and a sector of the backup.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void qemuReadsWhatTheGuestSawAfterRandomWritesAndHydration(long seed) throws Exception {
        var random = new Random(seed);
        int size = (2 << 20) + random.nextInt(1 << 20);
        var backup = new MemoryBackup(MemoryBackup.mixed(size, seed), random.nextBoolean());
        var top = Files.write(folder.resolve("top.raw"), backup.content);
        var overlay = folder.resolve("changes.qcow2");
        try (var datastore = Datastore.open("ds", Files.createDirectory(folder.resolve("ds")),
                _ -> backup)) {
            var disk = datastore.create("vm", BackupReference.at("memory")).disks().getFirst();
            for (int i = 0; i < 200; i++) {
                change(disk, random);
            }

            var written = Overlay.write(disk, onRaw(top), overlay);

            assertThat(written.fileBytes()).as("seed %d", seed).isEqualTo(Files.size(overlay));
            assertThat(run("qemu-img", "check", "-q", "-f", "qcow2", overlay.toString())).as("seed %d", seed)
                    .isEmpty();
            var seen = folder.resolve("seen.raw");
            run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", overlay.toString(), seen.toString());
            var guest = ByteBuffer.allocate((int) disk.size());
            disk.read(guest, 0);
            assertThat(Files.readAllBytes(seen)).as("seed %d", seed).isEqualTo(guest.array());
            assertThat(written.changedBytes()).as("only what differs, seed %d", seed)
                    .isEqualTo(differingBytes(guest.array(), backup.content));
        }
    }

    private static Optional<Overlay.BackingFile> onRaw(Path backing) {
        return Optional.of(new Overlay.BackingFile(backing.toString(), "raw"));
    }

    private static void change(LiveDisk disk, Random random) throws IOException {
        long position = random.nextLong(disk.size());
        int length = (int) Math.min(disk.size() - position, 1 + random.nextInt(5 * BLOCK));
        switch (random.nextInt(4)) {
            case 0 -> disk.zero(position, length);
            case 1 -> {
                // What the guest writes as it was is no change.
                var same = ByteBuffer.allocate(length);
                disk.read(same, position);
                disk.write(same.flip(), position);
            }
            case 2 -> hydrate(disk, position, length);
            default -> {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                disk.write(ByteBuffer.wrap(bytes), position);
            }
        }
    }

    private static void hydrate(LiveDisk disk, long position, int length) throws IOException {
        long from = position / BLOCK * BLOCK;
        int bytes = (int) (Math.min(disk.size(), Math.ceilDiv(position + length, (long) BLOCK) * BLOCK)
                - from);
        var missing = disk.missing();
        var data = ByteBuffer.allocate(bytes);
        missing.read(data, from);
        missing.fill(data.flip(), from, false);
    }

    private static long differingBytes(byte[] guest, byte[] backup) {
        byte[] original = Arrays.copyOf(backup, guest.length);
        long bytes = 0;
        for (int at = 0; at < guest.length; at += BLOCK) {
            int end = Math.min(guest.length, at + BLOCK);
            bytes += Arrays.equals(guest, at, end, original, at, end) ? 0 : end - at;
        }
        return bytes;
    }

    /// The guest wrote a boot sector, which prints what it has and then what it finds in the disk's second block.
    @Test
    void qemuBootsWhatTheGuestWroteOnTopOfWhatTheBackupHas() throws Exception {
        assumeTrue(isThere("qemu-system-x86_64"),
                "needs qemu-system-x86_64; install the Debian package qemu-system-x86");
        byte[] content = new byte[1 << 20];
        byte[] kept = "kept from the backup\0".getBytes(UTF_8);
        System.arraycopy(kept, 0, content, BLOCK, kept.length);
        var backup = new MemoryBackup(content, true);
        var top = Files.write(folder.resolve("top.raw"), content);
        var overlay = folder.resolve("changes.qcow2");
        try (var datastore = Datastore.open("ds", Files.createDirectory(folder.resolve("ds")),
                _ -> backup)) {
            var disk = datastore.create("vm", BackupReference.at("memory")).disks().getFirst();
            disk.write(ByteBuffer.wrap(bootSector()), 0);
            Overlay.write(disk, onRaw(top), overlay);
        }

        var machine = new ProcessBuilder("qemu-system-x86_64", "-accel", "tcg", "-m", "16", "-nodefaults",
                "-display", "none", "-serial", "stdio", "-drive",
                "if=ide,format=qcow2,file=" + overlay).redirectErrorStream(true).start();
        // A machine that prints nothing must not keep the test for ever.
        CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS).execute(machine::destroyForcibly);
        try (var serial = machine.getInputStream()) {
            byte[] printed = serial.readNBytes("changed by the guest, kept from the backup".length());
            assertThat(new String(printed, UTF_8)).isEqualTo("changed by the guest, kept from the backup");
        } finally {
            machine.destroyForcibly();
        }
    }

    /// 16-bit code: reads sector 9 with the BIOS (interrupt 0x13) to 0x7e00, then prints the text behind the code and that
    /// sector's to the serial port 0x3f8, and halts.
    private static byte[] bootSector() {
        byte[] code = HexFormat.of().parseHex("31c08ed88ec08ed0bc007cb80102b90900b600bb007ecd13"
                + "be337ce80900be007ee80300f4ebfdac84c07406baf803eeebf5c3");
        byte[] text = "changed by the guest, \0".getBytes(UTF_8);
        byte[] sector = Arrays.copyOf(code, LiveDisk.SECTOR_BYTES);
        System.arraycopy(text, 0, sector, code.length, text.length);
        sector[510] = 0x55;
        sector[511] = (byte) 0xaa;
        return sector;
    }

    @Test
    void aLargeDiskWithFewChangesIsQuickAndSmall() throws Exception {
        long size = 9L << 40;
        var image = folder.resolve("large.qcow2");
        var backing = folder.resolve("base.raw");
        Files.write(backing, new byte[BLOCK]);
        byte[] content = new byte[16 << 10];
        new Random(9).nextBytes(content);
        try (var file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var writer = new Qcow2Writer(file, size, onRaw(backing));
            for (long position : List.of(0L, 5L << 40, size - writer.clusterBytes())) {
                writer.write(position, ByteBuffer.wrap(content, 0, writer.clusterBytes()));
            }
            writer.finish();
        }

        assertThat(run("qemu-img", "check", "-q", "-f", "qcow2", image.toString())).isEmpty();
        assertThat(run("qemu-img", "info", "--output=json", image.toString()))
                .contains("\"virtual-size\": " + size, "\"backing-filename-format\": \"raw\"");
        assertThat(run("qemu-io", "-f", "qcow2", "-r", "-c",
                "read -P %d %d 1".formatted(content[0] & 0xff, 5L << 40), image.toString()))
                .contains("read 1/1").doesNotContain("verification failed");
    }

    @Test
    void aFailureLeavesNoFileAndKeepsTheOneThatWasThere() throws Exception {
        var backup = new MemoryBackup(MemoryBackup.mixed(1 << 20, 1), true);
        var target = Files.writeString(folder.resolve("changes.qcow2"), "kept");
        try (var datastore = Datastore.open("ds", Files.createDirectory(folder.resolve("ds")),
                _ -> backup)) {
            var disk = datastore.create("vm", BackupReference.at("memory")).disks().getFirst();
            disk.write(ByteBuffer.wrap(new byte[BLOCK]), 0);
            var tooLong = Optional.of(new Overlay.BackingFile("x".repeat(1024), "raw"));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Overlay.write(disk, tooLong, target)).withMessageContaining("1023");
        }
        assertThat(target).hasContent("kept");
        assertThat(folder.resolve("changes.qcow2.new")).doesNotExist();
    }

    @Test
    void clustersAreAsSmallAsTheTableAllows() {
        assertThat(Qcow2Writer.clusterBits(512)).isEqualTo(12);
        assertThat(Qcow2Writer.clusterBits(8L << 40)).isEqualTo(12);
        assertThat(Qcow2Writer.clusterBits((8L << 40) + 512)).isEqualTo(13);
        assertThat(Qcow2Writer.clusterBits(LiveDisk.MAX_BYTES)).isEqualTo(14);
    }

    /// What a program printed, after it has ended well.
    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(),
                UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
