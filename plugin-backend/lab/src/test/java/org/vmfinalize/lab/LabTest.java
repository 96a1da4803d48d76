package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.datastore.Datastore;

/// The whole way, from the command line: backup, VM, guest, finalization, proof.
class LabTest {

    @TempDir
    Path folder;

    @Test
    void aVmThatRunsFromABackupBecomesARegularOneWhileItsGuestWorks() throws Exception {
        var run = LabRun.of(folder, "--size", "64M", "--vm", "db 1", "--name", "db 1 restored",
                "--verify");

        assertThat(run.status()).as("%s", run.all()).isZero();
        assertThat(run.errors()).isEmpty();
        assertThat(run.output()).contains("vSphere Client: http://127.0.0.1:", "finalized db 1 in",
                "receipt: signed (Ed25519), each block proven: ", "errors 0",
                "disk verified: identical to backup ⊕ changes, through NFS and as a file (SHA-256 ",
                "backup: no longer open, and deleted before the disk was verified",
                "VM: db 1 restored, regular");
        assertThat(run.report().path("proven").asBoolean()).isTrue();
        assertThat(run.report().at("/guest/writes").asLong()).isPositive();
        assertThat(run.report().at("/finalization/hydratedBytes").asLong()).isPositive();
        assertThat(LabRun.leftovers(folder)).isEmpty();
    }

    @Test
    void aServerThatIsKilledHalfWayGoesOnByItselfAndTheGuestLosesNothing() throws Exception {
        var run = LabRun.of(folder, "--size", "64M", "--restart-server");

        assertThat(run.status()).as("%s", run.all()).isZero();
        assertThat(run.output()).contains("the plugin server was killed half-way",
                "the server being killed on the way");
        assertThat(run.report().at("/finalization/serverRestarts").asInt()).isEqualTo(1);
        assertThat(run.report().at("/guest/reconnects").asInt()).isPositive();
        assertThat(run.report().at("/guest/errors").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"thin", "thick", "eager-thick"})
    void withoutAGuestTheFinishedDiskIsTheBackup(String provisioning) throws Exception {
        assumeQemuImg();
        var backup = qcow2Chain();
        var datastore = folder.resolve("data store");

        var run = LabRun.of(folder, "--guest", "none", "--backup", backup.toString(), "--datastore",
                datastore.toString(),
                "--provisioning", provisioning);

        assertThat(run.status()).as("%s", run.all()).isZero();
        assertThat(run.output()).contains("disk verified: identical to the backup", "expected from qemu-img");
        var descriptor = descriptor(datastore);
        assertThat(LabRun.tool(folder, "qemu-img", "info", descriptor.toString())).contains(
                "file format: vmdk",
                "virtual size: 24 MiB");
        assertThat(LabRun.tool(folder, "qemu-img", "compare", "-F", "vmdk", "-f", "qcow2", backup.toString(),
                descriptor.toString())).contains("Images are identical");
        assertThat(Files.exists(backup)).isTrue();
        assertThat(LabRun.leftovers(folder)).isEmpty();
    }

    @Test
    void theUsersOwnRawImageIsFinalizedUnderAGuest() throws Exception {
        var image = folder.resolve("disk.raw");
        var content = new byte[8 << 20];
        new Random(3).nextBytes(content);
        Arrays.fill(content, 1 << 20, 3 << 20, (byte) 0);
        Files.write(image, content);

        var run = LabRun.of(folder, "--backup", image.toString());

        assertThat(run.status()).as("%s", run.all()).isZero();
        assertThat(run.output()).contains("expected from the raw image itself");
        assertThat(Files.readAllBytes(image)).isEqualTo(content);
    }

    @Test
    void withoutExitThePageStaysUpUntilItIsStoppedAndThenNothingIsLeft() throws Exception {
        var process = LabRun.start(folder, List.of("--size", "8M", "--limit", "1G"));
        try {
            while (process.isAlive()
                    && !Files.readString(folder.resolve("output")).contains("until you press Ctrl-C")) {
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(process.isAlive()).as(Files.readString(folder.resolve("errors"))).isTrue();
            var page = URI.create(Files.readString(folder.resolve("output")).lines()
                    .filter(line -> line.startsWith("vSphere Client: ")).findFirst().orElseThrow()
                    .substring("vSphere Client: ".length()));
            assertThat(new String(page.toURL().openStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("<html");
            var servers = process.descendants().toList();

            process.destroy();

            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(servers).isNotEmpty().noneMatch(ProcessHandle::isAlive);
            assertThat(LabRun.leftovers(folder)).isEmpty();
            assertThat(Files.readString(folder.resolve("errors"))).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aDatastoreThatIsNoFolderIsNamed() throws Exception {
        var datastore = Files.createFile(folder.resolve("datastore")).toString();

        var run = LabRun.of(folder, "--size", "1M", "--datastore", datastore);

        assertRefusal(run, 1, "lab: --datastore " + datastore + ": must be a folder");
    }

    @Test
    void aDatastoreThatAnotherServerUsesIsNamed() throws Exception {
        var directory = Files.createDirectories(folder.resolve("datastore"));
        try (var _ = Datastore.open("other", directory, _ -> {
            throw new IOException("there are no backups here");
        })) {
            var run = LabRun.of(folder, "--size", "1M", "--datastore", directory.toString());

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.errors()).hasLineCount(1).contains("lab: plugin server: must start but ended",
                    "datastore 'lab-datastore'", "in use by process " + ProcessHandle.current().pid());
            assertThat(run.output()).contains("the plugin server's log is kept in ");
        }
    }

    @Test
    void aBusyPortIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var run = LabRun.of(folder, "--size", "1M", "--port", Integer.toString(taken.getLocalPort()));

            assertRefusal(run, 1, "lab: --port " + taken.getLocalPort() + ": must be free but is in use");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--provisioning=thinnish", "--guest=some", "--size=12", "--port=70000", "--what"})
    void aWrongOptionIsRefusedBeforeAnythingIsStarted(String option) throws Exception {
        var run = LabRun.of(folder, option);

        assertRefusal(run, 2, "lab: ");
        assertThat(run.output()).isEmpty();
    }

    @Test
    void aBackupThatIsNotThereIsNamed() throws Exception {
        var run = LabRun.of(folder, "--backup", folder.resolve("nothing.qcow2").toString());

        assertRefusal(run, 1, "lab: " + folder.resolve("nothing.qcow2") + ": there is no such file");
    }

    @Test
    void aRefusedFinalizationLeavesTheVmRunning() throws Exception {
        var run = LabRun.of(folder, "--size", "8M", "--name", "x".repeat(81));

        assertRefusal(run, 1, "lab: ");
        assertThat(run.errors()).contains("80", "(shop-01 goes on running from the backup)");
    }

    private void assertRefusal(LabRun run, int status, String start) throws IOException {
        assertThat(run.status()).as("%s", run.all()).isEqualTo(status);
        assertThat(run.errors()).startsWith(start).hasLineCount(1).doesNotContain("Exception");
        assertThat(run.report().isMissingNode()).isTrue();
        assertThat(Files.exists(folder.resolve("temporary files")) ? LabRun.leftovers(folder) : List.of())
                .isEmpty();
    }

    /// A full image with a compressed part, an overlay, and another one.
    private Path qcow2Chain() throws Exception {
        var raw = folder.resolve("source.raw");
        var content = new byte[24 << 20];
        new Random(5).nextBytes(content);
        Arrays.fill(content, 5 << 20, 9 << 20, (byte) 0);
        Arrays.fill(content, 12 << 20, 16 << 20, (byte) 'a');
        Files.write(raw, content);
        LabRun.tool(folder, "qemu-img", "convert", "-c", "-O", "qcow2", "source.raw", "base.qcow2");
        Files.delete(raw);
        overlay("base.qcow2", "middle.qcow2", 3 << 20);
        overlay("middle.qcow2", "top.qcow2", 6 << 20);
        return folder.resolve("top.qcow2");
    }

    private void overlay(String below, String above, int position) throws Exception {
        LabRun.tool(folder, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", below, above);
        LabRun.tool(folder, "qemu-io", "-c", "write -P 0x5a %d 700k".formatted(position), "-c",
                "write -z %d 300k".formatted(position + (2 << 20)), above);
    }

    private static Path descriptor(Path datastore) throws IOException {
        try (var files = Files.walk(datastore)) {
            return files.filter(
                    file -> file.toString().endsWith(".vmdk") && !file.toString().endsWith("-flat.vmdk"))
                    .findFirst().orElseThrow();
        }
    }

    private static void assumeQemuImg() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")),
                "install Debian package qemu-utils");
    }
}
