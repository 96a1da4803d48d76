package org.vmfinalize.formats.virtnbdbackup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.backup.kit.Sample;

class VirtnbdbackupFormatTest extends BackupFormatContract {

    private static final String DOMAIN = """
            <domain><name>web-01</name><memory unit='MiB'>512</memory><vcpu>1</vcpu><devices>
            <disk type='file' device='disk'><driver type='qcow2'/><source file='/x/web.qcow2'/><target dev='vda' bus='virtio'/></disk>
            <disk type='file' device='disk'><driver type='raw'/><source file='/x/data.raw'/><target dev='vdb' bus='virtio'/></disk>
            </devices></domain>
            """;

    @TempDir
    Path folder;

    @Override
    protected BackupFormat format() {
        return new VirtnbdbackupFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample("a full stream",
                        made -> new Sample.Made(
                                Files.write(made.resolve("vda.full.data"), StreamWriter.full().end()),
                                List.of(StreamWriter.fullContent()))),
                new Sample("a compressed stream",
                        made -> new Sample.Made(
                                Files.write(made.resolve("vda.full.data"), CompressedStream.write(made)),
                                List.of(CompressedStream.content()))),
                new Sample("a machine with two increments", made -> {
                    writeChain(made);
                    Files.write(made.resolve("vdb.copy.data"), StreamWriter.fullContent());
                    return new Sample.Made(
                            Files.writeString(made.resolve("vmconfig.virtnbdbackup.2.xml"), DOMAIN),
                            List.of(content(2), StreamWriter.fullContent()));
                }));
    }

    private static void writeChain(Path folder) throws IOException {
        Files.write(folder.resolve("vda.full.data"), StreamWriter.full().end());
        Files.write(folder.resolve("vda.inc.virtnbdbackup.1.data"), StreamWriter.incremental(1, 'c').end());
        Files.write(folder.resolve("vda.inc.virtnbdbackup.2.data"), StreamWriter.incremental(2, 'd').end());
    }

    private static byte[] content(int increments) {
        byte[] disk = StreamWriter.fullContent();
        for (int i = 1; i <= increments; i++) {
            StreamWriter.apply(disk, i, i == 1 ? 'c' : 'd');
        }
        return disk;
    }

    @ParameterizedTest
    @CsvSource({"vda.full.data, 0", "vda.inc.virtnbdbackup.1.data, 1",
            "vda.inc.virtnbdbackup.2.data, 2"})
    void eachStreamIsARestorePoint(String name, int increments) throws IOException {
        writeChain(folder);

        try (var backup = new VirtnbdbackupFormat().open(new FolderFile(folder.resolve(name)))) {
            Disks.assertReads(backup.disks().getFirst(), content(increments), 3);
            assertThat(backup.files()).hasSize(increments + 1);
        }
    }

    @Test
    void knowsTheZerosThatAreNotWrittenOver() throws IOException {
        writeChain(folder);
        var file = new FolderFile(folder.resolve("vda.inc.virtnbdbackup.1.data"));

        try (var backup = new VirtnbdbackupFormat().open(file)) {
            assertThat(Disks.list(backup.disks().getFirst().extents(new ByteRange(10_000, 70_000))))
                    .containsExactly(new Extent(new ByteRange(10_000, 50_100), Extent.Kind.ZERO),
                            new Extent(new ByteRange(50_100, 51_100), Extent.Kind.DATA),
                            new Extent(new ByteRange(51_100, 70_000), Extent.Kind.ZERO));
        }
    }

    @Test
    void doesNotTakeTheFullStreamForAnIncrementThatIsMissing() throws IOException {
        writeChain(folder);
        Files.write(folder.resolve("vdb.copy.data"), StreamWriter.fullContent());
        Path configuration = Files.writeString(folder.resolve("vmconfig.virtnbdbackup.3.xml"), DOMAIN);
        var file = new FolderFile(configuration);

        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> new VirtnbdbackupFormat().open(file))
                .withMessage(
                        "%s: virtnbdbackup meta frame: checkpointName must be virtnbdbackup.3 but was virtnbdbackup.0",
                        folder.resolve("vda.full.data"));
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void refusesAChainWithAGap() throws IOException {
        writeChain(folder);
        Files.delete(folder.resolve("vda.inc.virtnbdbackup.1.data"));
        var file = new FolderFile(folder.resolve("vda.inc.virtnbdbackup.2.data"));

        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> new VirtnbdbackupFormat().open(file))
                .withMessageEndingWith(
                        "parentCheckpoint must be that of %s, virtnbdbackup.0, but was virtnbdbackup.1"
                                .formatted(folder.resolve("vda.full.data")));
        assertThat(file.isOpen()).isFalse();
    }

    record Damage(String message, UnaryOperator<String> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void refuses(Damage damage) throws IOException {
        String stream = new String(StreamWriter.full().end(), StandardCharsets.ISO_8859_1);
        String changed = damage.change().apply(stream);
        assertThat(changed).isNotEqualTo(stream);
        var file = new FolderFile(
                Files.writeString(folder.resolve("vda.full.data"), changed, StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> new VirtnbdbackupFormat().open(file))
                .withMessageStartingWith(folder.resolve("vda.full.data") + ": ")
                .withMessageContaining(damage.message());
        assertThat(file.isOpen()).isFalse();
    }

    static List<Damage> damages() {
        return List.of(
                new Damage("a frame 'comp' must end a compressed stream but does not",
                        stream -> stream.replace("\"compressed\": false", "\"compressed\": true ")),
                new Damage("compressionMethod must be lz4 but was 'xz4'; restore it: virtnbdrestore",
                        stream -> stream.replace("\"compressed\": false", "\"compressed\": true ")
                                .replace("\"lz4\"", "\"xz4\"")),
                new Damage("virtualSize must be 1..70368744177664 but was -1000",
                        stream -> stream.replace("\"virtualSize\": 100000", "\"virtualSize\": -1000 ")),
                new Damage("diskName must be letters, digits, '.', '_' and '-' but was '../x'",
                        stream -> stream.replace("\"vda\",  ", "\"../x\",").replace("\"diskName\": \"vda\"",
                                "\"diskName\":\"../x\"")),
                new Damage("a frame must begin with meta, data, zero or stop and two numbers",
                        stream -> stream.replace("zero ", "nero ")),
                new Damage("the length must be 1..90000 but was 18446744073709551615",
                        stream -> stream.replace("zero 0000000000002710 000000000000ea60",
                                "zero 0000000000002710 ffffffffffffffff")),
                new Damage("the start must be 70000..100000 but was 10000",
                        stream -> stream.replace("data 0000000000011170", "data 0000000000002710")),
                new Damage(
                        "the data frames must have the meta frame's dataSize of 39999 bytes but have 40000",
                        stream -> stream.replace("\"dataSize\": 40000", "\"dataSize\": 39999")),
                new Damage("must be followed by a line end but are not",
                        stream -> stream.replace("a\r\nzero", "a\n\nzero")),
                new Damage("a frame 'stop' must end the stream but the file ends; the stream is cut off",
                        stream -> stream.substring(0, stream.length() - 1)),
                new Damage("up to the file's end, but was 30000; the stream is cut off",
                        stream -> stream.substring(0, stream.length() - 1000)),
                new Damage("virtnbdbackup meta frame: must be YAML but is not",
                        stream -> stream.replace("{", "}")));
    }

    @Test
    void theFramesOfAChainAreBoundedTogether() throws IOException {
        Path stream = Files.write(folder.resolve("vda.full.data"), StreamWriter.full().end());
        try (var file = new FolderFile(stream)) {
            assertThat(StreamIndex.read(file, 999_997).entries()).isEqualTo(3);
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> StreamIndex.read(file, 999_998))
                    .withMessageContaining("there must be at most 2 more frames in the chain but there are");
        }
    }

    @Test
    void refusesAStreamThatFollowsItself() throws IOException {
        byte[] stream = new String(StreamWriter.incremental(1, 'c').end(), StandardCharsets.ISO_8859_1)
                .replace("\"parentCheckpoint\": \"virtnbdbackup.0\"",
                        "\"parentCheckpoint\": \"virtnbdbackup.1\"")
                .getBytes(StandardCharsets.ISO_8859_1);
        var file = new FolderFile(Files.write(folder.resolve("vda.inc.virtnbdbackup.1.data"), stream));

        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> new VirtnbdbackupFormat().open(file))
                .withMessageContaining("must not be part of the chain above it but is ");
        assertThat(file.isOpen()).isFalse();
    }
}
