package org.vmfinalize.formats.vhd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.ProvenTable;
import org.vmfinalize.formats.Qemu;

/// Every kind of VHD and VHDX that `qemu-img` makes reads as `qemu-img` reads it.
class VhdAgainstQemuTest {

    private static final long SEED = 20261126;

    private static final ProvenTable PROVEN_VHD = new ProvenTable("vhd",
            Map.of("fixed", "recognised by its name too: a guest can write what looks like its end"));
    private static final ProvenTable PROVEN_VHDX = new ProvenTable("vhdx",
            Map.of("dynamic, large blocks", "32 MiB"));

    @TempDir
    Path folder;

    interface Recipe {
        /// Makes `top.vhd` or `top.vhdx` out of `source.raw`.
        void make(Qemu qemu) throws IOException;
    }

    /// @param format `vpc` or `vhdx`, as QEMU calls it
    /// @param mapTells whether `qemu-img map` sees its zeros in the tables and not in the holes of a file
    record Image(String format, String name, int size, boolean mapTells, Recipe recipe) {

        String file() {
            return format.equals("vpc") ? "top.vhd" : "top.vhdx";
        }

        @Override
        public String toString() {
            return "%s, %s, %d bytes".formatted(format, name, size);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void readsWhatQemuReads(Image image) throws IOException {
        var qemu = new Qemu(folder);
        qemu.makeSource(image.size(), SEED);
        image.recipe().make(qemu);
        BackupFormat format = image.format().equals("vpc") ? new VhdFormat() : new VhdxFormat();
        var file = new FolderFile(folder.resolve(image.file()));

        assertThat(format.recognises(file)).isEqualTo(100);
        try (var backup = format.open(file)) {
            var proven = image.format().equals("vpc") ? PROVEN_VHD : PROVEN_VHDX;
            proven.compare(
                    new ProvenTable.Image(image.name(), image.file(), image.format(), image.mapTells()),
                    backup.disks().getFirst(), qemu, SEED);
        }
    }

    @AfterAll
    static void thePageSaysWhatWasProved() throws IOException {
        PROVEN_VHD.assertIsOnThePage();
        PROVEN_VHDX.assertIsOnThePage();
    }

    static List<Image> images() {
        var images = new ArrayList<Image>();
        for (int size : new int[]{3 << 20, (5 << 20) + 7 * 512}) {
            images.add(image("vpc", "dynamic", size, true, "subformat=dynamic,force_size=on"));
            images.add(image("vpc", "dynamic, size by geometry", size, true, "subformat=dynamic"));
            images.add(image("vpc", "fixed", size, false, "subformat=fixed,force_size=on"));
            images.add(image("vhdx", "dynamic", size, true, "subformat=dynamic,block_size=1M"));
            images.add(
                    image("vhdx", "dynamic, large blocks", size, true, "subformat=dynamic,block_size=32M"));
            images.add(image("vhdx", "fixed", size, false, "subformat=fixed"));
        }
        images.add(new Image("vpc", "nothing written", 3 << 20, true,
                qemu -> qemu.img("create", "-f", "vpc", "-o", "force_size=on", "top.vhd", "9M")));
        images.add(new Image("vhdx", "nothing written", 3 << 20, true,
                qemu -> qemu.img("create", "-f", "vhdx", "top.vhdx", "9M")));
        images.add(new Image("vpc", "out of order", 3 << 20, true, qemu -> {
            qemu.img("create", "-f", "vpc", "-o", "force_size=on", "top.vhd", "15M");
            qemu.ioOf("vpc", "top.vhd", "write -P 1 10M 70k", "write -P 2 1M 1k", "write -P 3 5M 3M");
        }));
        images.add(new Image("vhdx", "out of order", 3 << 20, true, qemu -> {
            qemu.img("create", "-f", "vhdx", "-o", "block_size=1M", "top.vhdx", "15M");
            qemu.ioOf("vhdx", "top.vhdx", "write -P 1 10M 70k", "write -P 2 1M 1k", "write -P 3 5M 3M");
        }));
        return images;
    }

    private static Image image(String format, String name, int size, boolean mapTells, String options) {
        String file = format.equals("vpc") ? "top.vhd" : "top.vhdx";
        return new Image(format, name, size, mapTells,
                qemu -> qemu.img("convert", "-f", "raw", "-O", format, "-o", options, "source.raw", file));
    }

    /// `qemu-img` makes the base, and our own writer what lies on top of it.
    @Test
    void readsADifferencingVhdxOnOneThatQemuMade() throws IOException {
        var qemu = new Qemu(folder);
        qemu.makeSource(SmallVhdx.DISK_SIZE, SEED);
        qemu.img("convert", "-f", "raw", "-O", "vhdx", "-o", "block_size=1M", "source.raw", "base.vhdx");
        byte[] expected = qemu.bytesOf("base.vhdx", "vhdx");
        Arrays.fill(expected, 1 << 20, 2 << 20, (byte) 'c');
        Arrays.fill(expected, (2 << 20) + 3 * 512, (2 << 20) + 100 * 512, (byte) 'd');
        try (var base = new FolderFile(folder.resolve("base.vhdx"))) {
            SmallVhdx.differencing("base.vhdx", VhdxRegions.read(base, 0).dataWrite())
                    .write(folder.resolve("top.avhdx"));
        }

        try (var backup = new VhdxFormat().open(new FolderFile(folder.resolve("top.avhdx")))) {
            Disks.assertReads(backup.disks().getFirst(), expected, SEED);
            Disks.assertExtentsAreTrue(backup.disks().getFirst(), expected);
        }
    }

    /// QEMU is the judge of what our writer makes, so that both do not err in the same way.
    @Test
    void qemuReadsTheSameOutOfOurOwnImages() throws IOException {
        var qemu = new Qemu(folder);
        SmallVhdx.dynamic().write(folder.resolve("own.vhdx"));

        assertThat(qemu.bytesOf("own.vhdx", "vhdx")).isEqualTo(SmallVhdx.dynamicContent());
    }

    @Test
    void takesTheOtherHeaderIfOneIsTorn() throws IOException {
        Path file = folder.resolve("top.vhdx");
        SmallVhdx.dynamic().write(file);
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(2 * SmallVhdx.HEADER + 8);
            raw.write(77);
            raw.seek(SmallVhdx.REGIONS + 20);
            raw.write(77);
        }

        try (var backup = new VhdxFormat().open(new FolderFile(file))) {
            Disks.assertReads(backup.disks().getFirst(), SmallVhdx.dynamicContent(), SEED);
        }
    }
}
