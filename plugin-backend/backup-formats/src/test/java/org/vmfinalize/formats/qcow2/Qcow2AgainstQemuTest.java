package org.vmfinalize.formats.qcow2;

import static java.util.Map.entry;

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
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.ProvenTable;
import org.vmfinalize.formats.Qemu;

/// Every kind of qcow2 image that `qemu-img` makes reads as `qemu-img` reads it.
class Qcow2AgainstQemuTest {

    private static final long SEED = 20261123;

    /// A disk of 3 MiB and a bit.
    private static final int SOURCE_SIZE = (3 << 20) + 7 * 512;

    private static final ProvenTable PROVEN = new ProvenTable("qcow2", Map.ofEntries(
            entry("compat=0.10", "clusters of 512 bytes to 2 MiB"),
            entry("compat=0.10, compressed", "zlib"),
            entry("compat=1.1", "clusters of 512 bytes to 2 MiB"),
            entry("compat=1.1, compressed", "zlib"),
            entry("lazy refcounts", "closed cleanly"),
            entry("wide refcounts", "64 bits"),
            entry("parallel and out of order", "compressed, clusters anywhere in the file"),
            entry("compression_type=zstd", "clusters of 512 bytes to 2 MiB"),
            entry("preallocation=metadata", "zeros are seen where the place tells of holes"),
            entry("preallocation=falloc", "the same"),
            entry("preallocation=full", "the same"),
            entry("extended_l2=on", "subclusters, clusters of 16 KiB to 2 MiB"),
            entry("chain of extended_l2=on", "stored, zero and missing subclusters"),
            entry("external data file, raw=on", "the data file lies in the image's folder"),
            entry("external data file, raw=off", "the same"),
            entry("with an internal snapshot", "the current state is read"),
            entry("with a bitmap", "ignored"),
            entry("chain of three", "different cluster sizes"),
            entry("raw base", "the image states the format of its base")));

    @TempDir
    Path folder;

    interface Recipe {
        /// Makes `top.qcow2` out of `source.raw`.
        void make(Qemu qemu) throws IOException;
    }

    record Image(String name, boolean qcow2Only, Recipe recipe) {

        /// The name without the size of a cluster.
        String variant() {
            return name.replaceAll(",?cluster_size=\\w+", "");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void readsWhatQemuReads(Image image) throws IOException {
        var qemu = new Qemu(folder);
        qemu.makeSource(SOURCE_SIZE, SEED);
        image.recipe().make(qemu);

        try (var backup = new Qcow2Format().open(new FolderFile(folder.resolve("top.qcow2")))) {
            PROVEN.compare(new ProvenTable.Image(image.variant(), "top.qcow2", "qcow2", image.qcow2Only()),
                    backup.disks().getFirst(), qemu, SEED);
        }
    }

    @AfterAll
    static void thePageSaysWhatWasProved() throws IOException {
        PROVEN.assertIsOnThePage();
    }

    static List<Image> images() {
        var images = new ArrayList<Image>();
        for (var version : List.of("0.10", "1.1")) {
            for (var clusterSize : List.of("512", "1k", "4k", "64k", "2M")) {
                String options = "compat=%s,cluster_size=%s".formatted(version, clusterSize);
                images.add(image(options, qemu -> convert(qemu, options)));
                images.add(image(options + ", compressed", qemu -> convert(qemu, options, "-c")));
            }
        }
        images.add(image("lazy refcounts", qemu -> convert(qemu, "lazy_refcounts=on")));
        images.add(image("wide refcounts", qemu -> convert(qemu, "refcount_bits=64")));
        images.add(image("parallel and out of order",
                qemu -> convert(qemu, "cluster_size=4k", "-c", "-W", "-m", "8")));
        for (var clusterSize : List.of("512", "4k", "64k", "2M")) {
            String options = "compression_type=zstd,cluster_size=" + clusterSize;
            images.add(image(options, qemu -> convert(qemu, options, "-c")));
        }
        images.add(image("compression_type=zstd,extended_l2=on",
                qemu -> convert(qemu, "compression_type=zstd,extended_l2=on", "-c")));
        for (var preallocation : List.of("metadata", "falloc", "full")) {
            // The holes of the file make the zeros of such an image: seen only where the place tells of holes.
            images.add(new Image("preallocation=" + preallocation, false,
                    qemu -> convert(qemu, "preallocation=" + preallocation)));
        }
        for (var clusterSize : List.of("16k", "64k", "2M")) {
            String options = "extended_l2=on,cluster_size=" + clusterSize;
            images.add(image(options, qemu -> convert(qemu, options)));
            images.add(image(options + ", compressed", qemu -> convert(qemu, options, "-c")));
            images.add(image("chain of " + options, qemu -> subclusters(qemu, options)));
        }
        for (var raw : List.of("on", "off")) {
            images.add(new Image("external data file, raw=" + raw, false, qemu -> {
                convert(qemu, "data_file=top.data,data_file_raw=" + raw);
                qemu.io("top.qcow2", "write -P 9 100k 5k", "write -z 1M 64k", "discard 2M 64k");
            }));
        }
        images.add(new Image("external data file and subclusters", false, qemu -> {
            convert(qemu, "extended_l2=on,data_file=top.data");
            qemu.io("top.qcow2", "write -P 9 100k 5k", "write -z 1M 4k");
        }));
        images.add(image("nothing written", qemu -> qemu.img("create", "-f", "qcow2", "top.qcow2", "5M")));
        images.add(image("one sector", qemu -> qemu.img("create", "-f", "qcow2", "top.qcow2", "512")));
        images.add(image("zeros and discards", Qcow2AgainstQemuTest::zerosAndDiscards));
        images.add(image("zeros and discards of version 2", qemu -> {
            convert(qemu, "compat=0.10");
            qemu.io("top.qcow2", "write -z 64k 128k", "discard 1M 256k", "write -P 7 1100k 3k");
        }));
        images.add(image("written over compressed clusters", qemu -> {
            convert(qemu, "cluster_size=64k", "-c");
            qemu.io("top.qcow2", "write -P 9 100k 5k", "write -P 8 1M 64k", "discard 64k 64k");
        }));
        images.add(image("grown", qemu -> {
            convert(qemu, "cluster_size=4k");
            qemu.img("resize", "top.qcow2", "9M");
            qemu.io("top.qcow2", "write -P 3 8M 10k");
        }));
        images.add(image("with an internal snapshot", qemu -> {
            convert(qemu, "cluster_size=64k");
            qemu.img("snapshot", "-c", "before", "top.qcow2");
            qemu.io("top.qcow2", "write -P 3 300k 200k");
        }));
        images.add(image("with a bitmap", qemu -> {
            convert(qemu, "cluster_size=64k");
            qemu.img("bitmap", "--add", "top.qcow2", "changes");
        }));
        images.add(image("chain of three", qemu -> chain(qemu, "64k", "4k", "1M", "")));
        images.add(image("chain of three, grown", qemu -> chain(qemu, "4k", "2M", "64k", "7M")));
        images.add(image("chain of three, shrunk", qemu -> chain(qemu, "512", "64k", "4k", "2M")));
        images.add(
                image("base that is shorter than the layer in the middle", Qcow2AgainstQemuTest::shortBase));
        images.add(new Image("raw base", false, qemu -> rawBase(qemu, "")));
        images.add(new Image("raw base, grown", false, qemu -> rawBase(qemu, "6M")));
        images.add(new Image("raw base, shrunk", false, qemu -> rawBase(qemu, "1M")));
        return images;
    }

    private static Image image(String name, Recipe recipe) {
        return new Image(name, true, recipe);
    }

    private static void convert(Qemu qemu, String options, String... flags) throws IOException {
        var arguments = new ArrayList<>(List.of("convert", "-f", "raw", "-O", "qcow2", "-o", options));
        arguments.addAll(List.of(flags));
        arguments.addAll(List.of("source.raw", "top.qcow2"));
        qemu.img(arguments.toArray(String[]::new));
    }

    private static void zerosAndDiscards(Qemu qemu) throws IOException {
        convert(qemu, "cluster_size=64k");
        qemu.img("create", "-f", "qcow2", "-b", "top.qcow2", "-F", "qcow2", "over.qcow2");
        qemu.io("over.qcow2", "write -z 0 128k", "write -P 5 256k 64k", "discard 256k 64k",
                "write -z -u 1M 512k",
                "write -P 6 1200k 1k", "discard 2M 1M");
        // The names are swapped so that the overlay is on top.
        qemu.img("rebase", "-u", "-f", "qcow2", "-F", "qcow2", "-b", "base.qcow2", "over.qcow2");
        move(qemu, "top.qcow2", "base.qcow2");
        move(qemu, "over.qcow2", "top.qcow2");
    }

    private static void subclusters(Qemu qemu, String options) throws IOException {
        convert(qemu, options);
        move(qemu, "top.qcow2", "low.qcow2");
        qemu.img("create", "-f", "qcow2", "-o", options, "-b", "low.qcow2", "-F", "qcow2", "top.qcow2");
        qemu.io("top.qcow2", "write -P 1 1M 2k", "write -z 1040k 64k", "write -P 2 700k 130k",
                "write -z 720k 4k", "discard 2M 64k", "write -P 3 3M 512");
    }

    private static void move(Qemu qemu, String from, String to) throws IOException {
        Files.move(qemu.folder().resolve(from), qemu.folder().resolve(to));
    }

    private static void chain(Qemu qemu, String low, String middle, String top, String size)
            throws IOException {
        qemu.img("convert", "-f", "raw", "-O", "qcow2", "-c", "-o", "cluster_size=" + low, "source.raw",
                "low.qcow2");
        qemu.img("create", "-f", "qcow2", "-o", "cluster_size=" + middle, "-b", "low.qcow2", "-F", "qcow2",
                "middle.qcow2");
        qemu.io("middle.qcow2", "write -P 1 100k 300k", "write -z 1M 256k", "write -P 2 2M 3k");
        var create = new ArrayList<>(
                List.of("create", "-f", "qcow2", "-o", "cluster_size=" + top, "-b", "middle.qcow2",
                        "-F", "qcow2", "top.qcow2"));
        if (!size.isEmpty()) {
            create.add(size);
        }
        qemu.img(create.toArray(String[]::new));
        qemu.io("top.qcow2", "write -P 3 200k 10k", "write -P 4 1100k 50k", "write -z 1500k 100k");
    }

    /// The base ends within the disk, the layer in the middle even before that, and the top goes beyond both.
    private static void shortBase(Qemu qemu) throws IOException {
        convert(qemu, "cluster_size=4k");
        move(qemu, "top.qcow2", "low.qcow2");
        qemu.img("create", "-f", "qcow2", "-b", "low.qcow2", "-F", "qcow2", "middle.qcow2", "1000k");
        qemu.io("middle.qcow2", "write -P 1 900k 20k");
        qemu.img("create", "-f", "qcow2", "-b", "middle.qcow2", "-F", "qcow2", "top.qcow2", "5M");
        qemu.io("top.qcow2", "write -P 2 990k 2k", "write -P 2 4M 2k");
    }

    private static void rawBase(Qemu qemu, String size) throws IOException {
        var create = new ArrayList<>(
                List.of("create", "-f", "qcow2", "-b", "source.raw", "-F", "raw", "top.qcow2"));
        if (!size.isEmpty()) {
            create.add(size);
        }
        qemu.img(create.toArray(String[]::new));
        qemu.io("top.qcow2", "write -P 3 200k 10k", "write -z 512k 128k");
    }
}
