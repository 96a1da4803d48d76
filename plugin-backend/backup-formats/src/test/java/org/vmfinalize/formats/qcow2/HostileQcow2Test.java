package org.vmfinalize.formats.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;

class HostileQcow2Test {

    private static final int CLUSTER = SmallImage.CLUSTER;

    @TempDir
    Path folder;

    /// A change of a sound image, and a part of the message that must come of it.
    record Damage(String message, Consumer<SmallImage> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    @Test
    void theImageIsSoundBeforeItIsDamaged() throws IOException {
        Path file = SmallImage.make().write(folder.resolve("top"));

        try (var backup = new Qcow2Format().open(new FolderFile(file))) {
            Disks.assertReads(backup.disks().getFirst(), SmallImage.content(), 1);
            Disks.assertReadOrderIsComplete(backup.disks().getFirst());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void refusesADamagedImageWithTheFieldAndTheValue(Damage damage) throws IOException {
        var image = SmallImage.make();
        damage.change().accept(image);
        var file = new FolderFile(image.write(folder.resolve("top")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new Qcow2Format().open(file))
                .withMessageStartingWith(folder.resolve("top") + ": ").withMessageContaining(damage.message())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        assertThat(file.isOpen()).isFalse();
    }

    static List<Damage> damages() {
        return List.of(
                new Damage("must begin with the header of a qcow2 image", image -> image.put(0, 0x51464900)),
                new Damage("version must be 2..3 but was 4", image -> image.put(4, 4)),
                new Damage("version must be 2..3 but was 4294967295", image -> image.put(4, -1)),
                new Damage("cluster_bits must be 9..21 but was 8", image -> image.put(20, 8)),
                new Damage("cluster_bits must be 9..21 but was 22", image -> image.put(20, 22)),
                new Damage("cluster_bits must be 9..21 but was 4294967295", image -> image.put(20, -1)),
                new Damage("size must be 1..70368744177664 but was 0", image -> image.putLong(24, 0)),
                new Damage("size must be 1..70368744177664 but was 70368744177665",
                        image -> image.putLong(24, (1L << 46) + 1)),
                new Damage("size must be 1..70368744177664 but was 9223372036854775808",
                        image -> image.putLong(24, Long.MIN_VALUE)),
                new Damage(
                        "size must be at most 8796093022208 with clusters of 4096 bytes but was 17592186044416",
                        image -> image.putLong(24, 1L << 44)),
                new Damage("crypt_method must be 0 but was 2: encrypted images cannot be read",
                        image -> image.put(32, 2)),
                new Damage("l1_size must be 1..4194304 but was 0", image -> image.put(36, 0)),
                new Damage("l1_size must be 1..4194304 but was 4294967295", image -> image.put(36, -1)),
                new Damage("l1_size must be 2..4194304 but was 1",
                        image -> image.putLong(24, CLUSTER * 512L + 1)),
                new Damage("l1_table_offset must be 4096..", image -> image.putLong(40, 0)),
                new Damage("l1_table_offset must be 4096..", image -> image.putLong(40, 1L << 40)),
                new Damage("but was 18446744073709547520", image -> image.putLong(40, -CLUSTER)),
                new Damage("l1_table_offset must be a multiple of the cluster size 4096 but was 4104",
                        image -> image.putLong(40, 4104)),
                new Damage("the L1 table must lie in the file with 33554432 bytes but the file has only",
                        image -> image.putLong(24, 1L << 43).put(36, 4 << 20)),
                new Damage("the image was not closed cleanly; repair it: qemu-img check -r all",
                        image -> image.putLong(72, 1)),
                new Damage("the image is marked as corrupt; repair it: qemu-img check -r all",
                        image -> image.putLong(72, 2)),
                new Damage("the external data file must be named but is not", image -> image.putLong(72, 4)),
                new Damage("length of the external data file's name must be 1..1023 but was 0",
                        image -> image.putLong(72, 4).put(104, 0x4441_5441).put(108, 0)),
                new Damage("must refer to a file but data is missing",
                        image -> dataFile(image, "data")),
                new Damage("the external data file must not be part of the chain above it",
                        image -> dataFile(image, "top")),
                new Damage("bit 3 must be 0 with compression method 0 but was 1",
                        image -> image.putLong(72, 8)),
                new Damage("cluster_bits must be 14..21 with extended L2 entries but was 12",
                        image -> image.putLong(72, 16)),
                new Damage("bit 5 (unknown) must be 0 but was 1", image -> image.putLong(72, 32)),
                new Damage("bit 63 (flying) must be 0 but was 1", HostileQcow2Test::namedFeature),
                new Damage("bit 3 must be 1 with compression method 1 but was 0",
                        image -> compressionMethod(image, 0, 1)),
                new Damage("the compression method must be 0 (zlib) or 1 (zstd) but was 7",
                        image -> compressionMethod(image, 8, 7)),
                new Damage("refcount_order must be 0..6 but was 7", image -> image.put(96, 7)),
                new Damage("header_length must be 104..4096 but was 0", image -> image.put(100, 0)),
                new Damage("header_length must be 104..4096 but was 2147483647",
                        image -> image.put(100, Integer.MAX_VALUE)),
                new Damage("header_length must be a multiple of 8 but was 105", image -> image.put(100, 105)),
                new Damage("backing_file_offset must be 104..4095 but was 4096",
                        image -> image.withBacking("base", "raw").putLong(8, 4096)),
                new Damage("backing_file_offset must be 104..4095 but was 18446744073709551615",
                        image -> image.withBacking("base", "raw").putLong(8, -1)),
                new Damage("backing_file_size must be 1..1023 but was 0",
                        image -> image.withBacking("base", "raw").put(16, 0)),
                new Damage("backing_file_size must be 1..1023 but was 4294967295",
                        image -> image.withBacking("base", "raw").put(16, -1)),
                new Damage("backing_file_size must be 1..96 but was 97",
                        image -> image.withBacking("base", "raw").putLong(8, 4000).put(16, 97)),
                new Damage("the backing file's format must be stated but is not",
                        image -> image.withBacking("base", "")),
                new Damage("header extension at 104: length must be 0..16 but was 2147483647",
                        image -> image.withBacking("base", "raw").put(108, Integer.MAX_VALUE)),
                new Damage("length of the backing format's name must be 1..64 but was 0",
                        image -> image.withBacking("base", "raw").put(108, 0)),
                new Damage("must refer to a file but base is missing",
                        image -> image.withBacking("base", "raw")),
                new Damage("must not be part of the chain above it",
                        image -> image.withBacking("top", "qcow2")),
                new Damage(
                        "L1 entry 0: the offset of the L2 table must be a multiple of the cluster size 4096 but was 8704",
                        image -> image.putLong(SmallImage.L1, SmallImage.L2 + 512)),
                new Damage(
                        "L1 entry 0: the offset of the L2 table must not lie in the L1 table, 4096..4103, but was 4096",
                        image -> image.putLong(SmallImage.L1, SmallImage.L1)),
                new Damage("L1 entry 0: the offset of the L2 table must be 4096..", image -> image.putLong(
                        SmallImage.L1, 1L << 55)),
                new Damage("L1 entry 0: reserved bits must be 0 but the entry was 0x4000000000002000",
                        image -> image.putLong(SmallImage.L1, SmallImage.L2 | 1L << 62)),
                new Damage("cluster at byte 4096 of the disk: reserved bits must be 0",
                        image -> image.putLong(SmallImage.L2 + 8, SmallImage.DATA | 1L << 60)),
                new Damage("cluster at byte 4096 of the disk: the offset of the cluster must be 4096..",
                        image -> image.putLong(SmallImage.L2 + 8, 1L << 40)),
                new Damage("so the image is truncated", image -> image.putLong(SmallImage.L2 + 8, 1L << 40)),
                new Damage(
                        "the offset of the cluster must be a multiple of the cluster size 4096 but was 12800",
                        image -> image.putLong(SmallImage.L2 + 8, SmallImage.DATA + 512)),
                new Damage("the offset of the cluster must be 4096..",
                        image -> image.putLong(SmallImage.L2 + 8,
                                1L << 63)),
                new Damage("the offset of the cluster must not lie in the L1 table",
                        image -> image.putLong(SmallImage.L2 + 8, SmallImage.L1)),
                new Damage(
                        "cluster at byte 8192 of the disk: reserved bits must be 0 but the entry was 0x0000000000000001",
                        image -> image.put(4, 2)),
                new Damage("the offset of the compressed data must be 4096..",
                        image -> image.putLong(SmallImage.L2 + 24,
                                SmallImage.compressedEntry(1L << 40, 100))),
                new Damage("the offset of the compressed data must be 4096..",
                        image -> image.putLong(SmallImage.L2 + 24, SmallImage.compressedEntry(0, 100))),
                new Damage("bit 63 of a compressed cluster must be 0",
                        image -> image.putLong(SmallImage.L2 + 24, 3L << 62 | SmallImage.COMPRESSED)));
    }

    /// One table for two parts of the disk: a small file would make a disk as large as it likes.
    @Test
    void refusesTablesThatLieOverOneAnother() throws IOException {
        var image = SmallImage.make().putLong(24, 3L << 21).put(36, 3)
                .putLong(SmallImage.L1 + 8, SmallImage.L2)
                .putLong(SmallImage.L1 + 16, SmallImage.L2 | 1L << 63);
        var file = new FolderFile(image.write(folder.resolve("top")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new Qcow2Format().open(file))
                .withMessageEndingWith(
                        ": directory entry 2: the table must not lie over another one but is at byte 8192");
        assertThat(file.isOpen()).isFalse();
    }

    private static void namedFeature(SmallImage image) {
        image.putLong(72, Long.MIN_VALUE).put(104, 0x6803_f857).put(108, 48);
        image.bytes.put(112, (byte) 0).put(113, (byte) 63).put(114,
                "flying".getBytes(StandardCharsets.UTF_8));
    }

    private static void dataFile(SmallImage image, String name) {
        image.putLong(72, 4).put(104, 0x4441_5441).put(108, name.length());
        image.bytes.put(112, name.getBytes(StandardCharsets.UTF_8));
    }

    private static void compressionMethod(SmallImage image, long features, int method) {
        image.putLong(72, features).put(100, 112);
        image.bytes.put(104, (byte) method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "short", "stored beyond the end"})
    void aCompressedClusterThatIsNoneIsAnErrorForItsRangeOnly(String kind) throws IOException {
        var image = SmallImage.make();
        byte[] wrong = switch (kind) {
            case "garbage" -> "\u0007 no deflate stream at all".getBytes(StandardCharsets.UTF_8);
            case "short" -> SmallImage.deflate(new byte[CLUSTER - 1]);
            default -> new byte[]{1, 0, 16, -1, -17, 'x'};
        };
        image.bytes.put(SmallImage.COMPRESSED,
                Arrays.copyOf(wrong, image.bytes.limit() - SmallImage.COMPRESSED));

        try (var backup = new Qcow2Format().open(new FolderFile(image.write(folder.resolve("top"))))) {
            var disk = backup.disks().getFirst();

            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> Disks.bytes(disk, ByteRange.of(3 * CLUSTER, 10)))
                    .withMessageContaining("qcow2 compressed cluster at byte 20480 of the file: must ");
            assertThat(Disks.bytes(disk, ByteRange.of(0, 3 * CLUSTER)))
                    .isEqualTo(Arrays.copyOf(SmallImage.content(), 3 * CLUSTER));
        }
    }

    @Test
    void aCompressedClusterThatGoesOnForeverMakesOneClusterAndNoMore() throws IOException {
        var image = SmallImage.make();
        byte[] bomb = SmallImage.deflate(new byte[1 << 20]);
        var larger = ByteBuffer.allocate(SmallImage.COMPRESSED + bomb.length);
        larger.put(image.toBytes(), 0, SmallImage.COMPRESSED).put(bomb)
                .putLong(SmallImage.L2 + 24, SmallImage.compressedEntry(SmallImage.COMPRESSED, bomb.length));
        Files.write(folder.resolve("top"), larger.array());

        try (var backup = new Qcow2Format().open(new FolderFile(folder.resolve("top")))) {
            assertThat(Disks.bytes(backup.disks().getFirst(), ByteRange.of(3 * CLUSTER, CLUSTER)))
                    .containsOnly(0);
        }
    }

    @Test
    void aLoopOfTwoIsFound() throws IOException {
        SmallImage.make().withBacking("two", "qcow2").write(folder.resolve("one"));
        SmallImage.make().withBacking("one", "qcow2").write(folder.resolve("two"));
        var file = new FolderFile(folder.resolve("one"));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new Qcow2Format().open(file))
                .withMessage(
                        "%s: qcow2 header: the backing file must not be part of the chain above it but is %s",
                        folder.resolve("two"), folder.resolve("one"));
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void aChainOf64IsReadAndOneOf65Refused() throws IOException {
        SmallImage.make().write(folder.resolve("0"));
        for (int i = 1; i <= 64; i++) {
            SmallImage.make().putLong(SmallImage.L1, 0).withBacking(Integer.toString(i - 1), "qcow2")
                    .write(folder.resolve(Integer.toString(i)));
        }

        try (var backup = new Qcow2Format().open(new FolderFile(folder.resolve("63")))) {
            assertThat(backup.files()).hasSize(64);
            Disks.assertReads(backup.disks().getFirst(), SmallImage.content(), 2);
        }
        var tooLong = new FolderFile(folder.resolve("64"));
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new Qcow2Format().open(tooLong))
                .withMessageContaining("a chain must have at most 64 images but has more");
        assertThat(tooLong.isOpen()).isFalse();
    }

    @Test
    void aBackingFileThatIsNoImageMakesTheBackupDamagedAndNotNoImage() throws IOException {
        Files.writeString(folder.resolve("base"), "no image");
        SmallImage.make().withBacking("base", "qcow2").write(folder.resolve("top"));
        var file = new FolderFile(folder.resolve("top"));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new Qcow2Format().open(file))
                .isNotInstanceOf(NotAnImageException.class)
                .withMessageEndingWith("; it is a backing file of " + folder.resolve("top"));
    }

    @Test
    void anImageThatIsCutAnywhereIsRefusedOrComplete() throws IOException {
        byte[] whole = SmallImage.make().toBytes();
        for (int length = 0; length < whole.length; length += 97) {
            Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));

            try (var backup = new Qcow2Format().open(new FolderFile(file))) {
                // Only the compressed data lack their end: that is seen when they are read.
                assertThat(length).isGreaterThan(SmallImage.COMPRESSED);
                assertThatExceptionOfType(FormatException.class)
                        .isThrownBy(() -> Disks.bytes(backup.disks().getFirst(),
                                ByteRange.of(0, SmallImage.DISK_SIZE)));
            } catch (FormatException e) {
                assertThat(e).hasMessageStartingWith(file + ": ");
            }
        }
    }

    @Test
    void aTableOf32MiBIsCheckedThroughABoundedCache() throws IOException {
        var image = SmallImage.make().put(20, 9).putLong(24, 128L << 30).put(36, 4 << 20).putLong(40,
                1 << 20);
        Path file = image.write(folder.resolve("top"));
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(33 << 20);
        }
        var opened = new FolderFile(file);

        try (var backup = new Qcow2Format().open(opened)) {
            var disk = backup.disks().getFirst();
            assertThat(disk.readOrder()).isExhausted();
            assertThat(opened.reads()).extracting(ByteRange::length).allMatch(length -> length <= 4096);
        }
    }
}
