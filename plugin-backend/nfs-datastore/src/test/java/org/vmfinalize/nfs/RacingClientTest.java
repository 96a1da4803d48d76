package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;

/// Names that change between two looks.
class RacingClientTest {

    private static final int NOENT = 2;
    private static final int DIRECTORY = 2;

    @TempDir
    private Path directory;
    private Path ds;
    private final byte[] content = TestBackup.mixed(1 << 20, 9);
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean done = new AtomicBoolean();
    private TestExport export;
    private Nfs3Client client;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        ds = Files.createDirectory(directory.resolve("ds"));
        export = new TestExport(ds, _ -> new TestBackup(content));
        client = export.client();
        root = client.mount("/ds").handle();
    }

    @AfterEach
    void stop() throws IOException {
        done.set(true);
        background.close();
        client.close();
        export.close();
    }

    /// Runs `step` again and again until the test is done.
    private Future<?> meanwhile(Callable<?> step) {
        return background.submit(() -> {
            while (!done.get()) {
                step.call();
            }
            return null;
        });
    }

    @Test
    void aFolderThatIsSwappedForALinkLeadsNobodyOut() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("file"), "secret");
        Path folder = Files.createDirectory(ds.resolve("folder"));
        Files.writeString(folder.resolve("file"), "inside");
        var swapping = meanwhile(() -> {
            Files.move(folder, ds.resolve("real"));
            Files.createSymbolicLink(folder, outside);
            Files.delete(folder);
            return Files.move(ds.resolve("real"), folder);
        });

        int inside = 0;
        for (int i = 0; i < 500; i++) {
            var found = client.lookup(root, "folder");
            if (found.status() != 0) {
                continue;
            }
            var file = client.lookup(found.handle(), "file");
            if (file.status() == 0) {
                assertThat(new String(client.read(file.handle(), 0, 100).data(), StandardCharsets.US_ASCII))
                        .isIn("inside", "");
                inside++;
            }
            client.create(found.handle(), "made");
            client.remove(found.handle(), "made");
            client.mount("/ds/folder/");
        }
        done.set(true);
        swapping.get();

        assertThat(inside).isPositive();
        try (var files = Files.list(outside)) {
            assertThat(files).containsExactly(outside.resolve("file"));
        }
    }

    @Test
    void aFileKeepsItsHandleWhileItIsRenamedAndLookedUp() throws Exception {
        byte[] left = client.mkdir(root, "left").handle();
        byte[] right = client.mkdir(root, "right").handle();
        byte[] file = client.create(left, "name").handle();
        var looking = meanwhile(() -> {
            try (var other = export.client()) {
                for (int i = 0; i < 200; i++) {
                    other.lookup(left, "name");
                    other.lookup(right, "name");
                }
            }
            return null;
        });

        for (int i = 0; i < 300; i++) {
            byte[] from = i % 2 == 0 ? left : right;
            byte[] to = i % 2 == 0 ? right : left;
            assertThat(client.rename(from, "name", to, "name")).isZero();
            assertThat(client.getattr(file).status()).as("round %d", i).isZero();
            assertThat(client.lookup(from, "name").status()).isEqualTo(NOENT);
            assertThat(client.lookup(to, "name").handle()).isEqualTo(file);
            // A descriptor that is kept open would hide a wrong location.
            assertThat(client.rename(root, i % 2 == 0 ? "right" : "left", root, "moved")).isZero();
            assertThat(client.write(file, i, new byte[]{1}, Nfs3Client.UNSTABLE).status()).isZero();
            assertThat(client.rename(root, "moved", root, i % 2 == 0 ? "right" : "left")).isZero();
        }
        done.set(true);
        looking.get();
    }

    @Test
    void aLiveDiskStaysLiveWhileItIsRenamedAndLookedUp() throws Exception {
        var instant = export.datastore().create("web", BackupReference.at("memory"));
        String name = instant.disks().getFirst().flatFile().getFileName().toString();
        var looking = meanwhile(() -> {
            try (var other = export.client()) {
                for (int i = 0; i < 100; i++) {
                    for (String folder : new String[]{"web", "other"}) {
                        var found = other.lookup(root, folder);
                        if (found.status() == 0) {
                            other.lookup(found.handle(), name);
                        }
                    }
                }
            }
            return null;
        });
        byte[] expected = content.clone();

        for (int i = 0; i < 60; i++) {
            boolean even = i % 2 == 0;
            assertThat(client.rename(root, even ? "web" : "other", root, even ? "other" : "web")).isZero();
            byte[] folder = client.lookup(root, even ? "other" : "web").handle();
            byte[] disk = client.lookup(folder, name).handle();
            assertThat(client.write(disk, 8192L * i, new byte[]{(byte) i}, Nfs3Client.UNSTABLE).status())
                    .isZero();
            expected[8192 * i] = (byte) i;
        }
        done.set(true);
        looking.get();

        byte[] disk = client.lookup(client.lookup(root, "web").handle(), name).handle();
        Hydration.hydrateAndSeal(instant);
        assertThat(client.attributes(disk).type()).isNotEqualTo(DIRECTORY);
        assertThat(client.read(disk, 0, 1 << 20).data()).isEqualTo(expected);
    }
}
