package org.vmfinalize.lab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccelerationTest {

    @TempDir
    Path folder;

    @Test
    void emulationRunsInstructionsEverywhere() throws IOException {
        Assumptions.assumeTrue(Program.QEMU.find().isPresent(),
                "install Debian package " + Program.QEMU.debianPackage());

        assertThat(Acceleration.EMULATION.runs(folder)).isTrue();
    }
}
