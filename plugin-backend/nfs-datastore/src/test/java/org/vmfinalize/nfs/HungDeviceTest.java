package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    /// Header, status, attributes.
    private static final int GETATTR_REPLY_BYTES = 24 + 4 + 84;

    private final Semaphore hanging = new Semaphore(0);
    private final Semaphore mended = new Semaphore(0);

    @TempDir
    private Path hungDirectory;

    @TempDir
    private Path soundDirectory;

    private void sync(int fd, boolean metadata) throws IOException {
        if (Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).startsWith(hungDirectory.toRealPath())) {
            hanging.release();
            try {
                mended.acquire();
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

            mended.release(FILES);
            for (int i = 0; i < FILES; i++) {
                assertThat(writer.receive().getInt(24)).isZero();
            }
        }
    }

    /// Its thread makes it durable itself: another one has to go on with the connection.
    @Test
    void aLoneStableWriteThatHangsHoldsUpNothingOnItsConnection() throws Exception {
        byte[] data = new byte[4096];
        try (var hung = Datastore.open("hung", hungDirectory, TestExport.NO_BACKUPS);
                var server = NfsServer.start(
                        NfsSettings.onLoopback(List.of(Export.toLoopback("/hung", hung))), this::sync);
                var client = new Nfs3Client(server.ports());
                var connection = new RawConnection(server.ports().nfs())) {
            byte[] root = client.mount("/hung").handle();
            byte[] file = client.create(root, "file").handle();
            for (int time = 0; time < 2; time++) {
                connection.sendRecord(CallBytes.nfs(7).opaque(file).hyper(0).number(data.length)
                        .number(Nfs3Client.FILE_SYNC).opaque(data).record());
                hanging.acquire();
                for (int heartbeat = 0; heartbeat < 3; heartbeat++) {
                    connection.sendRecord(CallBytes.nfs(1).opaque(root).record());
                    assertThat(connection.receive().remaining()).as("the answer to GETATTR")
                            .isEqualTo(GETATTR_REPLY_BYTES);
                }
                mended.release();
                assertThat(connection.receive().getInt(24)).as("the status of WRITE").isZero();
            }
        }
    }
}
