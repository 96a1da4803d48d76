package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.Export;
import org.vmfinalize.nfs.export.FileSync;

/// A datastore whose device does not answer, beside one that is sound.
@Timeout(60)
class HungDeviceTest {

    /// More than there are threads that can be made to wait for it.
    private static final int FILES = 200;
    private static final int SURELY_HANGING = 32;

    private final Semaphore hanging = new Semaphore(0);
    private final CountDownLatch mended = new CountDownLatch(1);

    @TempDir
    private Path hungDirectory;

    @TempDir
    private Path soundDirectory;

    private void sync(int fd, boolean metadata) throws IOException {
        if (Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).startsWith(hungDirectory.toRealPath())) {
            hanging.release();
            try {
                mended.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        FileSync.SYSTEM.sync(fd, metadata);
    }

    @Test
    void holdsUpNoOtherDatastore() throws Exception {
        byte[] data = new byte[4096];
        try (var hung = Datastore.open("hung", hungDirectory, TestExport.NO_BACKUPS);
                var sound = Datastore.open("sound", soundDirectory, TestExport.NO_BACKUPS);
                var server = NfsServer.start(NfsSettings.onLoopback(
                        List.of(Export.toLoopback("/hung", hung), Export.toLoopback("/sound", sound))),
                        this::sync);
                var client = new Nfs3Client(server.ports());
                var writer = new RawConnection(server.ports().nfs())) {
            byte[] root = client.mount("/hung").handle();
            List<byte[]> files = new ArrayList<>();
            for (int i = 0; i < FILES; i++) {
                files.add(client.create(root, "file-" + i).handle());
            }
            for (byte[] file : files) {
                writer.sendRecord(CallBytes.nfs(7).opaque(file).hyper(0).number(data.length)
                        .number(Nfs3Client.FILE_SYNC).opaque(data).record());
            }
            hanging.acquire(SURELY_HANGING);

            byte[] other = client.mount("/sound").handle();
            byte[] mine = client.create(other, "file").handle();
            assertThat(client.write(mine, 0, data, Nfs3Client.FILE_SYNC).status()).isZero();
            assertThat(client.names(other, 4096)).contains("file");
            assertThat(client.getattr(root).status()).as("the heartbeat of the hung one").isZero();

            mended.countDown();
            for (int i = 0; i < FILES; i++) {
                assertThat(writer.receive().getInt(24)).isZero();
            }
        }
    }
}
