package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.nfs.export.Export;

/// QEMU's NFS client (libnfs) as a judge. It asks the portmapper on port 111, which only root can have.
class QemuTest {

    private static final int MIB = 1 << 20;
    private static final InetAddress ADDRESS = loopback(2);

    @TempDir
    private Path directory;

    /// An address of this machine on which nothing else is likely to have port 111.
    private static InetAddress loopback(int last) {
        return InetAddress.ofLiteral("127.0.111." + last);
    }

    @BeforeAll
    static void needQemuAndThePortmapperPort() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-io")), "install Debian package qemu-utils");
        assumeTrue(run("qemu-img", "--help").output().contains(" nfs"),
                "install Debian package qemu-block-extra");
        try (var _ = new ServerSocket(111, 1, ADDRESS)) {
            assertThat(ADDRESS).isNotNull();
        } catch (BindException e) {
            assumeTrue(false, "port 111 cannot be had (run as root): " + e.getMessage());
        }
    }

    private record Run(int status, String output) {}

    private static Run run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " does not end");
        }
        return new Run(process.exitValue(), output);
    }

    private static void succeed(String... command) throws IOException, InterruptedException {
        Run run = run(command);
        assertThat(run.status()).as("%s: %s", String.join(" ", command), run.output()).isZero();
    }

    private NfsServer serve(Datastore datastore) throws IOException {
        var settings = new NfsSettings(ADDRESS, 0, 0, 111, List.of(Export.toLoopback("/ds", datastore)),
                NfsSettings.WhenBackupUnavailable.TRY_LATER).withEveryWriteStable(true);
        return NfsServer.start(settings);
    }

    private static String url(String file) {
        return "nfs://" + ADDRESS.getHostAddress() + "/ds/" + file;
    }

    @Test
    void createsWritesReadsAndComparesAnOrdinaryFile() throws Exception {
        Path ds = Files.createDirectory(directory.resolve("ds"));
        Files.createDirectory(ds.resolve("vm"));
        Path image = randomFile(directory.resolve("image.raw"), 24 * MIB + 4096);
        try (var datastore = Datastore.open("test", ds, TestExport.NO_BACKUPS); var _ = serve(datastore)) {
            succeed("qemu-img", "create", "-f", "raw", url("vm/new.raw"), "8M");
            assertThat(Files.size(ds.resolve("vm/new.raw"))).isEqualTo(8 * MIB);
            succeed("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", image.toString(),
                    newFile(ds, "vm/copy.raw",
                            Files.size(image)));
            succeed("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), url("vm/copy.raw"));
            assertThat(Files.mismatch(image, ds.resolve("vm/copy.raw"))).isEqualTo(-1);
            succeed("qemu-io", "-f", "raw", "-c", "write -P 0x5a 1000 70000", "-c", "flush", "-c",
                    "read -P 0x5a 1000 70000", url("vm/copy.raw"));
            assertThat(
                    run("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), url("vm/copy.raw"))
                            .status())
                    .isEqualTo(1);
            assertThat(run("qemu-img", "info", "--output=json", "-f", "raw", url("vm/new.raw")).output())
                    .contains("\"virtual-size\": 8388608");
        }
    }

    private static String newFile(Path ds, String name, long size) throws IOException {
        try (var file = FileChannel.open(Files.createFile(ds.resolve(name)),
                java.nio.file.StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), size - 1);
        }
        return url(name);
    }

    private static Path randomFile(Path file, int size) throws IOException {
        byte[] bytes = new byte[size];
        new java.util.Random(42).nextBytes(bytes);
        return Files.write(file, bytes);
    }

    @Test
    void aLiveDiskIsTheBackupUntilItIsWrittenAndStaysRightWhenSealed() throws Exception {
        Path ds = Files.createDirectory(directory.resolve("ds"));
        byte[] content = TestBackup.mixed(16 * MIB, 5);
        Path expected = Files.write(directory.resolve("expected.raw"), content);
        var backup = new TestBackup(content);
        BackupOpener opener = _ -> backup;
        try (var datastore = Datastore.open("test", ds, opener)) {
            var instant = datastore.create("web", BackupReference.at("memory"));
            LiveDisk disk = instant.disks().getFirst();
            String url = url("web/" + disk.flatFile().getFileName());
            try (var _ = serve(datastore)) {
                succeed("qemu-img", "compare", "-f", "raw", "-F", "raw", expected.toString(), url);
                String[] writes = {"-c", "write -P 0xa1 512 3000000", "-c", "write -P 0xb2 7000001 123", "-c",
                        "write -z 9000000 500000", "-c", "flush"};
                succeed(command(List.of("qemu-io", "-f", "raw"), writes, expected.toString()));
                succeed(command(List.of("qemu-io", "-f", "raw"), writes, url));
                succeed("qemu-img", "compare", "-f", "raw", "-F", "raw", expected.toString(), url);

                Hydration.hydrateAndSeal(instant);

                assertThat(datastore.liveDisk(disk.flatFile())).isEmpty();
                succeed("qemu-img", "compare", "-f", "raw", "-F", "raw", expected.toString(), url);
                succeed("qemu-io", "-f", "raw", "-c", "write -P 0x77 4096 4096", "-c", "flush", url);
                succeed("qemu-io", "-f", "raw", "-c", "write -P 0x77 4096 4096", "-c", "flush",
                        expected.toString());
                assertThat(Files.mismatch(expected, disk.flatFile())).isEqualTo(-1);
            }
        }
    }

    private static String[] command(List<String> first, String[] middle, String last) {
        var all = new java.util.ArrayList<>(first);
        all.addAll(List.of(middle));
        all.add(last);
        return all.toArray(String[]::new);
    }
}
