package org.vmfinalize.nfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.Export;

/// A datastore that is exported as `/ds` on loopback, on free ports, and can be restarted.
final class TestExport implements AutoCloseable {

    static final BackupOpener NO_BACKUPS = reference -> {
        throw new IOException("this test has no backup " + reference.location());
    };

    final Path directory;
    private final BackupOpener backups;
    private Datastore datastore;
    private NfsServer server;
    private boolean running;

    TestExport(Path directory, BackupOpener backups) throws IOException {
        this.directory = directory;
        this.backups = backups;
        datastore = Datastore.open("test", directory, backups);
        server = start();
    }

    private NfsServer start() throws IOException {
        NfsServer started = NfsServer
                .start(NfsSettings.onLoopback(List.of(Export.toLoopback("/ds", datastore))));
        running = true;
        return started;
    }

    Datastore datastore() {
        return datastore;
    }

    NfsPorts ports() {
        return server.ports();
    }

    Nfs3Client client() throws IOException {
        return new Nfs3Client(ports());
    }

    void stop() throws IOException {
        if (running) {
            running = false;
            server.close();
            datastore.close();
        }
    }

    void restart() throws IOException {
        stop();
        datastore = Datastore.open("test", directory, backups);
        server = start();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
