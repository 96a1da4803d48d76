package org.vmfinalize.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/// Programs of this machine that tests judge by.
final class Programs {

    private Programs() {}

    /// Skips the test if it is not there.
    static void require(String program, String debianPackage) {
        Assumptions.assumeTrue(Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program))),
                "needs %s; install the Debian package %s".formatted(program, debianPackage));
    }
}
