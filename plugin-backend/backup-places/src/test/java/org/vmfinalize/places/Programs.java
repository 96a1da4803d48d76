package org.vmfinalize.places;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs that tests are judged by. A test is skipped where one is missing.
public final class Programs {

    private Programs() {}

    /// Skips the test if `program` is not installed.
    public static void require(String program, String debianPackage) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)),
                "install Debian package " + debianPackage);
    }

    /// Runs a program to its end.
    ///
    /// @return what it printed
    public static String run(Path folder, String... command) throws IOException {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue()).as("%s said: %s", List.of(command), output).isZero();
        return output;
    }

    /// Starts a program that goes on running.
    public static Process start(Path folder, List<String> command) throws IOException {
        return new ProcessBuilder(new ArrayList<>(command)).directory(folder.toFile())
                .redirectOutput(folder.resolve("server.log").toFile())
                .redirectErrorStream(true).start();
    }

    /// Ends a program that was started.
    public static void end(Process process) {
        process.destroyForcibly();
        process.onExit().join();
    }
}
