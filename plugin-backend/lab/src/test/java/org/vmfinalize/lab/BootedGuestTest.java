package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.linux.LinuxGuest;

/// The whole way with a Linux that QEMU boots from the disk, through NFS. `.ci/run` has it once more, from the command
/// line, with the server restarted as for an upgrade.
class BootedGuestTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void needQemu() throws IOException {
        var missing = LinuxGuest.missingPackages();
        Assumptions.assumeTrue(missing.isEmpty(),
                () -> "install Debian packages " + String.join(" ", missing));
        try {
            assertThat(NfsPlace.forQemu().portmapperPort()).isEqualTo(111);
        } catch (LabException e) {
            Assumptions.abort("port 111 cannot be had: " + e.getMessage());
        }
    }

    @Test
    void aLinuxWorksOnWhileItsDiskIsFinalizedAndItsServerKilled() throws Exception {
        var run = LabRun.of(folder, "--guest", "qemu", "--size", "48M", "--restart-server");

        assertProven(run);
        assertThat(run.output()).contains("the plugin server was killed half-way",
                "backup: no longer open, and deleted before the disk was verified");
    }

    /// The lab by itself allows 10 s; a slow machine must be in time for ESXi at least.
    @Test
    void aLinuxOfAVmdkBackupWorksOnWhileItsServerIsUpgraded() throws Exception {
        var run = LabRun.of(folder, "--guest", "qemu", "--size", "48M", "--image", "vmdk", "--upgrade-server",
                "--longest-gap", "140");

        assertProven(run);
        assertThat(run.output()).contains("runs from the backup ", "/incremental.vmdk",
                "the plugin server was restarted half-way", "the longest gap between two ");
    }

    private static void assertProven(LabRun run) {
        assertThat(run.status()).as("%s", run.all()).isZero();
        assertThat(run.errors()).isEmpty();
        assertThat(run.output()).contains("guest: Linux ", "no error, none in its kernel's log",
                "disk verified: e2fsck finds the file system clean, all ");
        assertThat(run.report().at("/finalization/serverRestarts").asInt()).isEqualTo(1);
        assertThat(run.report().at("/linux/passes").asInt()).isGreaterThan(3);
        assertThat(run.report().at("/linux/writtenFiles").asInt()).isPositive();
        assertThat(run.report().at("/linux/errors").size()).isZero();
    }
}
