package org.vmfinalize.formats.vhd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;

/// VHDs and VHDXs with each field wrong in its way: refused with the field and the value, and everything closed.
class HostileVhdTest {

    @TempDir
    Path folder;

    record Damage(String message, Consumer<ByteBuffer> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vhdDamages")
    void refusesAVhd(Damage damage) throws IOException {
        var image = SmallVhd.dynamic();
        damage.change().accept(image.bytes);
        var file = new FolderFile(image.sum().write(folder.resolve("top.vhd")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> {
            try (var backup = new VhdFormat().open(file)) {
                Disks.bytes(backup.disks().getFirst(), new ByteRange(0, SmallVhd.DISK_SIZE));
            }
        }).withMessageStartingWith(folder.resolve("top.vhd") + ": VHD ")
                .withMessageContaining(damage.message());
        assertThat(file.isOpen()).isFalse();
    }

    static List<Damage> vhdDamages() {
        return List.of(new Damage("version must be 65536..131071 but was 0", bytes -> bytes.putInt(12, 0)),
                new Damage("current size must be 1..70368744177664 but was 0", bytes -> bytes.putLong(48, 0)),
                new Damage("current size must be 1..70368744177664 but was 18446744073709551615",
                        bytes -> bytes.putLong(48, -1)),
                new Damage("disk type must be 2..4 but was 7", bytes -> bytes.putInt(60, 7)),
                new Damage("current size must be 1..19456 but was 65536", bytes -> bytes.putInt(60, 2)),
                new Damage("data offset must be 512..18944 but was 18446744073709551615",
                        bytes -> bytes.putLong(16, -1)),
                new Damage("must have 1024 bytes and begin with 'cxsparse' but does not",
                        bytes -> bytes.put(SmallVhd.HEADER, (byte) 'x')),
                new Damage("block size must be 4096..67108864 but was 0",
                        bytes -> bytes.putInt(SmallVhd.HEADER + 32, 0)),
                new Damage("the block size must be a power of two but was 8193",
                        bytes -> bytes.putInt(SmallVhd.HEADER + 32, 8193)),
                new Damage("max table entries must be 8..4294967295 but was 7",
                        bytes -> bytes.putInt(SmallVhd.HEADER + 28, 7)),
                new Damage("the table must have at most 2097152 entries but needs 8589934592",
                        bytes -> bytes.putLong(48, 1L << 46)),
                new Damage("table offset must be 512..19936 but was 9223372036854775807",
                        bytes -> bytes.putLong(SmallVhd.HEADER + 16, Long.MAX_VALUE)),
                new Damage("the table offset must be a multiple of 512 but was 1537",
                        bytes -> bytes.putLong(SmallVhd.HEADER + 16, 1537)),
                new Damage("table entry 1: the offset must be 512..",
                        bytes -> bytes.putInt(SmallVhd.TABLE + 4, 0)),
                new Damage("so the image is truncated",
                        bytes -> bytes.putInt(SmallVhd.TABLE + 4, 0x7fff_ffff)),
                new Damage(
                        "table entry 1: the block must not lie in the table, 1536..1567, but is at byte 1024",
                        bytes -> bytes.putInt(SmallVhd.TABLE + 4, 2)),
                new Damage("table entry 3: the block must not lie over another but is at byte 2048",
                        bytes -> bytes.putInt(SmallVhd.TABLE + 12, SmallVhd.BLOCK_1 / 512)),
                new Damage("the block must not lie over another but is at byte 2560",
                        bytes -> bytes.putInt(SmallVhd.TABLE + 12, SmallVhd.BLOCK_1 / 512 + 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vhdxDamages")
    void refusesAVhdx(Damage damage) throws IOException {
        var image = SmallVhdx.dynamic();
        damage.change().accept(image.bytes);
        var file = new FolderFile(image.sum().write(folder.resolve("top.vhdx")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> {
            try (var backup = new VhdxFormat().open(file)) {
                Disks.bytes(backup.disks().getFirst(), new ByteRange(0, SmallVhdx.DISK_SIZE));
            }
        }).withMessageStartingWith(folder.resolve("top.vhdx") + ": VHDX ")
                .withMessageContaining(damage.message());
        assertThat(file.isOpen()).isFalse();
    }

    static List<Damage> vhdxDamages() {
        int items = SmallVhdx.METADATA + (64 << 10);
        return List.of(
                new Damage("the version must be 1 but was 9",
                        bytes -> bytes.putShort(2 * SmallVhdx.HEADER + 66, (short) 9)),
                new Damage("entry count must be 0..2047 but was 4294967295",
                        bytes -> bytes.putInt(SmallVhdx.REGIONS + 8, -1)),
                new Damage("the region of the metadata must be there but is not",
                        bytes -> bytes.putInt(SmallVhdx.REGIONS + 8, 1)),
                new Damage("offset of a region must be 1048576..6291456 but was 0",
                        bytes -> bytes.putLong(SmallVhdx.REGIONS + 32, 0)),
                new Damage("offset of a region must be 1048576..6291456 but was 9223372036854775807",
                        bytes -> bytes.putLong(SmallVhdx.REGIONS + 32, Long.MAX_VALUE)),
                new Damage("the offset of a region must be a multiple of 1 MiB but was 1048577",
                        bytes -> bytes.putLong(SmallVhdx.REGIONS + 32, SmallVhdx.MIB + 1)),
                new Damage("length of a region must be 1..7340032 but was 4294967295",
                        bytes -> bytes.putInt(SmallVhdx.REGIONS + 40, -1)),
                new Damage("a region that must be understood must be known but was ",
                        bytes -> bytes.putInt(SmallVhdx.REGIONS + 16, 77)),
                new Damage("the allocation table must have 4 entries, at most 2097152, but has 8 bytes",
                        bytes -> bytes.putInt(SmallVhdx.REGIONS + 40, 8)),
                new Damage("must begin with 'metadata' but does not",
                        bytes -> bytes.put(SmallVhdx.METADATA, (byte) 0)),
                new Damage("the entry count must be 0..2047 but was 65535",
                        bytes -> bytes.putShort(SmallVhdx.METADATA + 10, (short) -1)),
                new Damage("the item 'file parameters' must be there but is not",
                        bytes -> bytes.putShort(SmallVhdx.METADATA + 10, (short) 0)),
                new Damage("offset of an item must be 65536..1048568 but was 4294967295",
                        bytes -> bytes.putInt(SmallVhdx.METADATA + 48, -1)),
                new Damage("length of an item must be 8..1048576 but was 0",
                        bytes -> bytes.putInt(SmallVhdx.METADATA + 52, 0)),
                new Damage("block size must be 1048576..268435456 but was 0",
                        bytes -> bytes.putInt(items, 0)),
                new Damage("the block size must be a power of two but was 1048577",
                        bytes -> bytes.putInt(items, SmallVhdx.MIB + 1)),
                new Damage("virtual disk size must be 1..70368744177664 but was 18446744073709551615",
                        bytes -> bytes.putLong(items + 4096, -1)),
                new Damage("the logical sector size must be 512 or 4096 but was 513",
                        bytes -> bytes.putInt(items + 8192, 513)),
                new Damage("the item 'parent locator' must be there but is not",
                        bytes -> bytes.putInt(items + 4, 2)),
                new Damage("block 1: the offset of the block must be 1048576..6291456 but was 0",
                        bytes -> bytes.putLong(SmallVhdx.TABLE + 8, 6)),
                new Damage(
                        "block 1: the offset of the block must be 1048576..6291456 but was 18446744073708503040",
                        bytes -> bytes.putLong(SmallVhdx.TABLE + 8, -1L << 20 | 6)),
                new Damage(
                        "block 1: the block must not lie in the allocation table, [1048576, 2097152), but is at byte 1048576",
                        bytes -> bytes.putLong(SmallVhdx.TABLE + 8, 1L << 20 | 6)),
                new Damage("block 2: the block must not lie over another but is at byte 4194304",
                        bytes -> bytes.putLong(SmallVhdx.TABLE + 16, 4L << 20 | 6)),
                new Damage("block 1: the state must be 0..3, 6 or 7 but was 5",
                        bytes -> bytes.putLong(SmallVhdx.TABLE + 8, 5)),
                new Damage("block 1: a block must not be partly there in a disk without a parent but is",
                        bytes -> bytes.putLong(SmallVhdx.TABLE + 8, 4L << 20 | 7)));
    }

    @Test
    void refusesAParentThatIsAnother() throws IOException {
        SmallVhd.dynamic().write(folder.resolve("other.vhd"));
        var base = SmallVhd.dynamic();
        base.bytes.putLong(68, 7).putLong(SmallVhd.FOOTER + 68, 7);
        base.sum().write(folder.resolve("base.vhd"));
        var file = new FolderFile(SmallVhd.differencing("..\\..\\base.vhd").write(folder.resolve("top.vhd")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new VhdFormat().open(file))
                .withMessageContaining(
                        "VHD header: the parent's identifier must be that of " + folder.resolve("base.vhd"));
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void refusesAVhdxParentThatWasChanged() throws IOException {
        var base = SmallVhdx.dynamic();
        base.bytes.putInt(2 * SmallVhdx.HEADER + 32, 99);
        base.sum().write(folder.resolve("base.vhdx"));
        var file = new FolderFile(SmallVhdx.differencing("base.vhdx").write(folder.resolve("top.vhdx")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new VhdxFormat().open(file))
                .withMessageContaining(
                        "VHDX parent locator: the linkage must be that of " + folder.resolve("base.vhdx"));
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void refusesAnImageThatIsItsOwnParent() throws IOException {
        var image = SmallVhd.differencing("top.vhd");
        var file = new FolderFile(image.write(folder.resolve("top.vhd")));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new VhdFormat().open(file))
                .withMessageContaining("the parent must not be part of the chain above it but is ");
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void refusesWhatIsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("top.vhd"), "no image");

        assertThatExceptionOfType(NotAnImageException.class)
                .isThrownBy(() -> new VhdFormat().open(new FolderFile(file)));
        assertThatExceptionOfType(NotAnImageException.class)
                .isThrownBy(() -> new VhdxFormat().open(new FolderFile(file)));
    }

    /// A guest can write a footer into the last sector of its raw disk.
    @Test
    void doesNotTakeARawDiskForAVhdByItsLastSector() throws IOException {
        var image = SmallVhd.dynamic();
        byte[] raw = new byte[SmallVhd.FOOTER + 512];
        System.arraycopy(image.bytes.array(), SmallVhd.FOOTER, raw, SmallVhd.FOOTER, 512);
        Path file = Files.write(folder.resolve("disk.raw"), raw);

        try (var opened = new FolderFile(file)) {
            assertThat(new VhdFormat().recognises(opened)).isZero();
        }
    }
}
