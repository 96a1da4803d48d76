package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.ClientRule;
import org.vmfinalize.nfs.export.Export;

/// An export is set up anew while clients have it mounted: what their handles are good for follows from the new rules.
class ChangedExportTest {

    private static final int ACCES = 13;
    private static final int ROFS = 30;
    private static final int STALE = 70;

    @TempDir
    Path directory;

    private Datastore datastore;
    private byte[] root = {};
    private byte[] file = {};

    private interface Use {
        void by(Nfs3Client client) throws IOException;
    }

    @BeforeEach
    void mountAnOpenExport() throws IOException {
        datastore = Datastore.open("test", directory, TestExport.NO_BACKUPS);
        use("/ds", "127.0.0.1", client -> {
            root = client.mount("/ds").handle();
            file = client.create(root, "vm.vmx").handle();
        });
    }

    @AfterEach
    void close() throws IOException {
        datastore.close();
    }

    private void use(String path, String rule, Use use) throws IOException {
        var export = new Export(path, datastore, List.of(ClientRule.parse(rule)));
        try (var server = NfsServer.start(NfsSettings.onLoopback(List.of(export)));
                var client = new Nfs3Client(server.ports())) {
            use.by(client);
        }
    }

    @Test
    void handlesOfAClientThatWasTakenOffTheListAreRefused() throws IOException {
        use("/ds", "192.0.2.7", client -> {
            assertThat(client.mount("/ds").status()).isEqualTo(ACCES);
            assertThat(client.getattr(root).status()).isEqualTo(ACCES);
            assertThat(client.read(file, 0, 10).status()).isEqualTo(ACCES);
            assertThat(client.write(file, 0, new byte[10], Nfs3Client.UNSTABLE).status()).isEqualTo(ACCES);
            assertThat(client.remove(root, "vm.vmx")).isEqualTo(ACCES);
        });
        use("/ds", "127.0.0.0/8",
                client -> assertThat(client.getattr(file).status()).as("on the list again").isZero());
    }

    @Test
    void handlesOfAnExportThatBecameReadOnlyChangeNothing() throws IOException {
        use("/ds", "127.0.0.1(ro)", client -> {
            assertThat(client.read(file, 0, 10).status()).isZero();
            assertThat(client.write(file, 0, new byte[10], Nfs3Client.UNSTABLE).status()).isEqualTo(ROFS);
            assertThat(client.setMode(file, 0777)).isEqualTo(ROFS);
            assertThat(client.remove(root, "vm.vmx")).isEqualTo(ROFS);
        });
    }

    @Test
    void handlesOfAnExportThatIsGoneAreStale() throws IOException {
        use("/other", "127.0.0.1", client -> {
            assertThat(client.getattr(root).status()).isEqualTo(STALE);
            assertThat(client.write(file, 0, new byte[10], Nfs3Client.UNSTABLE).status()).isEqualTo(STALE);
            assertThat(client.lookup(client.mount("/other").handle(), "vm.vmx").handle()).isNotEqualTo(file);
        });
    }
}
