package org.vmfinalize.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Opening a malformed image, each extent of it and each read cost at most 64 MiB of heap and a second of processor time,
/// whatever is in it.
class MalformedCostTest {

    private static final long MAX_MILLIS = 1000;

    /// Of the file in one step.
    private static final long MAX_READS = 40_000;

    @TempDir
    Path folder;

    @Test
    void theMostExpensiveImagesAreOpenedAndReadOrRefusedIn64MiBAndASecond()
            throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // One processor's worth of collecting garbage, so that the limit is that of the heap and not of its parts.
        var process = new ProcessBuilder(java, "-Xmx64m", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), MalformedImages.class.getName(), folder.toString())
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        List<String> lines = said.lines().filter(line -> line.contains("\t")).toList();
        assertThat(lines).hasSize(19);
        assertThat(lines).as(said).allMatch(line -> Long.parseLong(line.split("\t", 3)[1]) <= MAX_MILLIS)
                .allMatch(line -> Long.parseLong(line.split("\t", 3)[2]) <= MAX_READS);
    }
}
