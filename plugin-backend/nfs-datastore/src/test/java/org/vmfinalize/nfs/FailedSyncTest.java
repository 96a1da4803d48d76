package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.Export;
import org.vmfinalize.nfs.export.FileSync;

/// Syncs of ordinary files that fail. As Linux does, the device tells of a loss once: the next sync succeeds, although what
/// was lost is still not stored.
@Timeout(60)
class FailedSyncTest {

    private static final int IO = 5;
    private static final byte[] DATA = new byte[4096];

    @TempDir
    Path directory;

    private final AtomicBoolean failNext = new AtomicBoolean();
    private final SyncGate gate = new SyncGate();
    private Datastore datastore;
    private NfsServer server;
    private Nfs3Client client;
    private byte[] file;

    private void sync(int fd, boolean metadata) throws IOException {
        boolean fails = failNext.getAndSet(false);
        gate.pass();
        if (fails) {
            throw new IOException("the device has lost data");
        }
        FileSync.SYSTEM.sync(fd, metadata);
    }

    @BeforeEach
    void start() throws IOException {
        datastore = Datastore.open("test", directory, TestExport.NO_BACKUPS);
        server = NfsServer.start(NfsSettings.onLoopback(List.of(Export.toLoopback("/ds", datastore))),
                this::sync);
        client = new Nfs3Client(server.ports());
        file = client.create(client.mount("/ds").handle(), "vm.vswp").handle();
    }

    @AfterEach
    void stop() throws IOException {
        gate.open();
        client.close();
        datastore.close();
    }

    private void failNextSyncOnceItMayGoOn() {
        gate.shut();
        failNext.set(true);
    }

    private CompletableFuture<Integer> writeLater(long offset) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.write(file, offset, DATA, Nfs3Client.FILE_SYNC).status();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }, Thread::startVirtualThread);
    }

    @Test
    void isToldToAllWhoseDataWereWrittenBeforeItEnded() throws Exception {
        long unstable;
        failNextSyncOnceItMayGoOn();
        var first = writeLater(0);
        gate.awaitSomebody();
        try (var during = new RawConnection(server.ports().nfs())) {
            during.sendRecord(CallBytes.nfs(7).opaque(file).hyper(8192).number(DATA.length)
                    .number(Nfs3Client.FILE_SYNC).opaque(DATA).record());
            // The answer to this one shows that the write before it has been looked at.
            during.sendRecord(CallBytes.nfs(1).opaque(file).record());
            assertThat(during.receive().getInt(24)).isZero();
            unstable = client.write(file, 16_384, DATA, Nfs3Client.UNSTABLE).verifier();

            gate.open();

            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(IO);
            assertThat(during.receive().getInt(24)).as("its own sync succeeds").isEqualTo(IO);
        }
        var committed = client.commit(file);
        assertThat(committed.status()).isZero();
        assertThat(committed.verifier()).as("so that the client sends the unstable data again")
                .isNotEqualTo(unstable);
        assertThat(client.write(file, 0, DATA, Nfs3Client.FILE_SYNC).status()).isZero();
        server.close();
    }

    @Test
    void ofAttributesIsToldToThoseWhoCommitTheData() throws Exception {
        long unstable = client.write(file, 0, DATA, Nfs3Client.UNSTABLE).verifier();
        failNext.set(true);

        assertThat(client.setSize(file, 4096)).isEqualTo(IO);

        assertThat(client.commit(file).verifier()).isNotEqualTo(unstable);
        server.close();
    }

    @Test
    void atTheStopMakesTheNextStartTakeANewVerifier() throws Exception {
        client.write(file, 0, DATA, Nfs3Client.UNSTABLE);
        failNext.set(true);

        assertThatIOException().isThrownBy(server::close);

        assertThat(directory.resolve(".vmfinalize/nfs-write-verifier")).doesNotExist();
    }
}
