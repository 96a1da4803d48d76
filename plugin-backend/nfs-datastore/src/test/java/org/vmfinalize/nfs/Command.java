package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of others that was run.
record Command(List<String> words, int status, String output) {

    static Command run(List<String> words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", words) + " does not end");
        }
        return new Command(words, process.exitValue(), output);
    }

    /// What it says; it must succeed.
    static String outputOf(String... words) throws IOException, InterruptedException {
        var command = run(List.of(words));
        assertThat(command.status()).as("%s: %s", String.join(" ", words), command.output()).isZero();
        return command.output();
    }

    /// Skips the test unless a program is installed.
    static void need(String program, String debianPackage) {
        boolean there = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(there, "install Debian package " + debianPackage);
    }
}
