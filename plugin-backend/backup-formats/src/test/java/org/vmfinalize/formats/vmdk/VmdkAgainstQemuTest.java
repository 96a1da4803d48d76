package org.vmfinalize.formats.vmdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.ProvenTable;
import org.vmfinalize.formats.Qemu;

/// Every kind of VMDK disk that `qemu-img` makes reads as `qemu-img` reads it.
class VmdkAgainstQemuTest {

    private static final long SEED = 20261124;

    private static final ProvenTable PROVEN = new ProvenTable("vmdk",
            Map.of("streamOptimized", "directory in front, as QEMU writes it", "chain", "CID checked"));

    @TempDir
    Path folder;

    interface Recipe {
        /// Makes `top.vmdk` out of `source.raw`.
        void make(Qemu qemu) throws IOException;
    }

    /// @param mapTells whether `qemu-img map` sees its zeros in the tables and not in the holes of a file
    record Image(String name, int size, boolean mapTells, Recipe recipe) {
        @Override
        public String toString() {
            return "%s, %d bytes".formatted(name, size);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void readsWhatQemuReads(Image image) throws IOException {
        var qemu = new Qemu(folder);
        qemu.makeSource(image.size(), SEED);
        image.recipe().make(qemu);

        try (var backup = new VmdkFormat().open(new FolderFile(folder.resolve("top.vmdk")))) {
            PROVEN.compare(new ProvenTable.Image(image.name(), "top.vmdk", "vmdk", image.mapTells()),
                    backup.disks().getFirst(), qemu, SEED);
        }
    }

    @AfterAll
    static void thePageSaysWhatWasProved() throws IOException {
        PROVEN.assertIsOnThePage();
    }

    static List<Image> images() {
        var images = new ArrayList<Image>();
        for (int size : new int[]{3 << 20, (3 << 20) + 7 * 512, (35 << 20) + 512}) {
            for (var kind : List.of("monolithicSparse", "twoGbMaxExtentSparse")) {
                images.add(new Image(kind, size, true, qemu -> convert(qemu, "subformat=" + kind)));
                images.add(new Image(kind + " with zero grains", size, true, qemu -> zeroGrains(qemu, kind)));
            }
            for (var kind : List.of("monolithicFlat", "twoGbMaxExtentFlat")) {
                images.add(new Image(kind, size, false, qemu -> convert(qemu, "subformat=" + kind)));
            }
            images.add(new Image("streamOptimized", size, true,
                    qemu -> convert(qemu, "subformat=streamOptimized")));
            images.add(new Image("chain", size, true, qemu -> chain(qemu, "monolithicSparse")));
        }
        int size = 4 << 20;
        images.add(new Image("adapter and hardware version", size, true,
                qemu -> convert(qemu, "adapter_type=lsilogic,hwversion=14")));
        images.add(new Image("nothing written", size, true,
                qemu -> qemu.img("create", "-f", "vmdk", "top.vmdk", "5M")));
        images.add(new Image("nothing written, compressed", size, true,
                qemu -> qemu.img("create", "-f", "vmdk", "-o", "subformat=streamOptimized", "top.vmdk",
                        "5M")));
        images.add(new Image("one sector", size, true,
                qemu -> qemu.img("create", "-f", "vmdk", "top.vmdk", "512")));
        images.add(new Image("out of order", size, true, qemu -> {
            qemu.img("create", "-f", "vmdk", "top.vmdk", "4M");
            qemu.ioOf("vmdk", "top.vmdk", "write -P 1 3M 70k", "write -P 2 1M 200k", "write -P 3 512 512",
                    "write -P 4 4193792 512");
        }));
        for (var base : List.of("monolithicFlat", "twoGbMaxExtentSparse", "streamOptimized")) {
            images.add(
                    new Image("chain on " + base, size, !base.endsWith("Flat"), qemu -> chain(qemu, base)));
        }
        return images;
    }

    private static void convert(Qemu qemu, String options) throws IOException {
        qemu.img("convert", "-f", "raw", "-O", "vmdk", "-o", options, "source.raw", "top.vmdk");
    }

    private static void zeroGrains(Qemu qemu, String kind) throws IOException {
        convert(qemu, "zeroed_grain=on,subformat=" + kind);
        qemu.ioOf("vmdk", "top.vmdk", "write -z 0 128k", "write -P 9 64k 1k", "write -z 1M 256k");
    }

    /// Each image is finished before the next is put on it, because a later write would change what that one expects.
    private static void chain(Qemu qemu, String kind) throws IOException {
        qemu.img("convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=" + kind, "source.raw", "low.vmdk");
        qemu.img("create", "-f", "vmdk", "-o", "zeroed_grain=on", "-b", "low.vmdk", "-F", "vmdk",
                "middle.vmdk");
        qemu.ioOf("vmdk", "middle.vmdk", "write -P 1 100k 300k", "write -z 1M 256k", "write -P 2 2M 3k");
        qemu.img("create", "-f", "vmdk", "-b", "middle.vmdk", "-F", "vmdk", "top.vmdk");
        qemu.ioOf("vmdk", "top.vmdk", "write -P 3 200k 10k", "write -P 4 1100k 50k");
    }

    @ParameterizedTest
    @MethodSource("largeKinds")
    void aDiskOfSeveralExtentsIsReadAcrossTheirBorders(String kind) throws IOException {
        var qemu = new Qemu(folder);
        qemu.img("create", "-f", "vmdk", "-o", "subformat=" + kind, "top.vmdk", "5G");
        qemu.ioOf("vmdk", "top.vmdk", "write -P 1 2047M 2M", "write -P 2 4095M 1537k", "write -P 3 5119M 1M");

        try (var backup = new VmdkFormat().open(new FolderFile(folder.resolve("top.vmdk")))) {
            var disk = backup.disks().getFirst();

            assertThat(backup.files()).hasSize(4);
            for (long start : new long[]{2046L << 20, 4094L << 20, 5117L << 20}) {
                byte[] ours = Disks.bytes(disk, ByteRange.of(start, 3 << 20));
                Files.write(folder.resolve("ours.raw"), ours);
                qemu.img("dd", "-f", "vmdk", "-O", "raw", "bs=1M", "skip=" + (start >> 20), "count="
                        + ((start >> 20) + 3), "if=top.vmdk", "of=theirs.raw");
                assertThat(ours)
                        .isEqualTo(Files.readAllBytes(folder.resolve("theirs.raw")));
            }
        }
    }

    static List<String> largeKinds() {
        return List.of("twoGbMaxExtentSparse", "twoGbMaxExtentFlat");
    }
}
