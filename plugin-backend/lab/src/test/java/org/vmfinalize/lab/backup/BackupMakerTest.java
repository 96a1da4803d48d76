package org.vmfinalize.lab.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupMakerTest {

    @TempDir
    Path folder;

    /// One cluster, a last cluster that is cut, several L2 tables.
    @ParameterizedTest
    @ValueSource(longs = {512, 64 * 1024, (3 << 20) + 512, 40 << 20, (512 << 20) + 4096})
    void qemuFindsNoFaultInTheImagesAndReadsWhatWasMeant(long size) throws Exception {
        assumeQemuImg();
        var backup = BackupMaker.make(folder.resolve("backup"), new BackupContent(7, size), _ -> {
        });
        var raw = folder.resolve("disk.raw");

        for (var file : backup.files()) {
            assertThat(run("qemu-img", "check", file.toString())).contains("No errors were found");
        }
        run("qemu-img", "convert", "-O", "raw", backup.top().toString(), raw.toString());

        assertThat(Files.size(raw)).isEqualTo(size);
        assertThat(sha256(raw)).isEqualTo(backup.sha256());
    }

    @Test
    void theImagesHavePlainCompressedAndZeroClusters() throws Exception {
        assumeQemuImg();
        var backup = BackupMaker.make(folder.resolve("backup"), new BackupContent(7, 40 << 20), _ -> {
        });

        var check = run("qemu-img", "check", "--output=json", backup.top().toString());
        var map = run("qemu-img", "map", "--output=json", backup.top().toString());

        assertThat(check).containsPattern("\"compressed-clusters\": [1-9]");
        assertThat(map).contains("\"depth\": 0, \"present\": true, \"zero\": true, \"data\": false")
                .contains("\"depth\": 1, \"present\": true, \"zero\": false, \"data\": true")
                .contains("\"present\": false");
    }

    @Test
    void theContentReadAtRandomIsWhatWasWritten() throws Exception {
        var content = new BackupContent(11, (20 << 20) + 512);
        var backup = BackupMaker.make(folder.resolve("backup"), content, _ -> {
        });
        var digest = MessageDigest.getInstance("SHA-256");
        long seed = new Random().nextLong();
        var random = new Random(seed);

        for (long at = 0; at < content.size();) {
            var part = ByteBuffer.allocate((int) Math.min(1 + random.nextInt(100_000), content.size() - at));
            content.read(part, at);
            digest.update(part.flip());
            at += part.limit();
        }

        assertThat(HexFormat.of().formatHex(digest.digest())).as("seed %d", seed).isEqualTo(backup.sha256());
    }

    @Test
    void anotherSeedGivesAnotherDisk() throws IOException {
        var one = BackupMaker.make(folder.resolve("one"), new BackupContent(1, 1 << 20), _ -> {
        });
        var two = BackupMaker.make(folder.resolve("two"), new BackupContent(2, 1 << 20), _ -> {
        });

        assertThat(one.sha256()).isNotEqualTo(two.sha256());
    }

    @Test
    void refusesASizeThatIsNoMultipleOfASector() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BackupContent(1, 1000))
                .withMessage("backup: size must be a positive multiple of 512 bytes but was 1000");
    }

    private static void assumeQemuImg() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")),
                "install Debian package qemu-utils");
    }

    private static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            var part = new byte[1 << 20];
            for (int length = in.read(part); length > 0; length = in.read(part)) {
                digest.update(part, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", output).isZero();
        return output;
    }
}
