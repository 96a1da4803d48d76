package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client finds after the server was killed with SIGKILL and started again.
class KilledServerTest {

    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedAsStableIsThereAndHandlesAreValidAndTheVerifierIsAnother() throws Exception {
        byte[] expected = TestBackup.mixed(ServerProcess.DISK_BYTES, ServerProcess.SEED);
        long seed = System.nanoTime();
        var random = new Random(seed);
        byte[] flat = null;
        byte[] plain = null;
        long verifier = 0;
        int port = 0;
        for (int life = 0; life < 3; life++) {
            try (var server = ServerProcess.start(directory, port);
                    var client = new Nfs3Client(server.ports())) {
                port = server.ports().nfs();
                if (flat == null || plain == null) {
                    byte[] folder = client.mount("/ds/web").handle();
                    flat = client.lookup(folder, "disk-0-flat.vmdk").handle();
                    plain = client.create(folder, "plain").handle();
                }
                assertThat(client.getattr(plain).status()).isZero();
                assertThat(readAll(client, flat)).as("seed %d, life %d", seed, life).isEqualTo(expected);
                assertThat(client.commit(flat).verifier()).isNotEqualTo(verifier);
                verifier = client.commit(flat).verifier();
                for (int i = 0; i < 60; i++) {
                    byte[] data = new byte[1 + random.nextInt(30_000)];
                    random.nextBytes(data);
                    int at = random.nextInt(expected.length - data.length);
                    boolean stable = random.nextBoolean();
                    client.write(flat, at, data, stable ? Nfs3Client.FILE_SYNC : Nfs3Client.UNSTABLE);
                    if (!stable) {
                        assertThat(client.commit(flat).verifier()).isEqualTo(verifier);
                    }
                    System.arraycopy(data, 0, expected, at, data.length);
                }
                server.kill();
            }
        }
    }

    /// As QEMU's client, which does not look at the verifier.
    @Test
    void withEveryWriteStableAnUnstableWriteOutlivesTheServer() throws Exception {
        byte[] expected = TestBackup.mixed(ServerProcess.DISK_BYTES, ServerProcess.SEED);
        byte[] data = new byte[5000];
        Arrays.fill(data, (byte) 0x5a);
        byte[] flat;
        int port;
        try (var server = ServerProcess.startStable(directory, 0);
                var client = new Nfs3Client(server.ports())) {
            port = server.ports().nfs();
            flat = client.lookup(client.mount("/ds/web").handle(), "disk-0-flat.vmdk").handle();
            assertThat(client.write(flat, 12_345, data, Nfs3Client.UNSTABLE).committed())
                    .isEqualTo(Nfs3Client.FILE_SYNC);
            System.arraycopy(data, 0, expected, 12_345, data.length);
            server.kill();
        }
        try (var server = ServerProcess.startStable(directory, port);
                var client = new Nfs3Client(server.ports())) {
            assertThat(readAll(client, flat)).isEqualTo(expected);
        }
    }

    private static byte[] readAll(Nfs3Client client, byte[] file) throws Exception {
        byte[] all = new byte[0];
        Nfs3Results.Read read;
        do {
            read = client.read(file, all.length, 1 << 20);
            int before = all.length;
            all = Arrays.copyOf(all, before + read.data().length);
            System.arraycopy(read.data(), 0, all, before, read.data().length);
        } while (!read.eof());
        return all;
    }
}
