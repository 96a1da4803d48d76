package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.datastore.NfsService;

/// The settings that say who may mount.
class NfsClientsTest {

    private static final int ACCES = 13;

    @Test
    void aDatastoreHasItsOwnClients(@TempDir Path folder) throws Exception {
        try (var server = RunningServer.start(folder, new MemoryVCenter(),
                "--vmfinalize.nfs.clients=127.0.0.1",
                "--vmfinalize.datastores[0].clients[0]=192.0.2.0/24(ro root_squash)",
                "--vmfinalize.datastores[1].name=ds2",
                "--vmfinalize.datastores[1].directory=" + folder.resolve("ds2"),
                "--vmfinalize.nfs.when-backup-unavailable=fail", "--vmfinalize.nfs.backup-patience=30s")) {
            int port = Objects.requireNonNull(server.bean(NfsService.class).ports().get("mount"));
            assertThat(mount(port, "/ds1")).isEqualTo(ACCES);
            assertThat(mount(port, "/ds2")).isZero();
        }
    }

    /// The status with which MOUNT answers MNT.
    private static int mount(int port, String path) throws IOException {
        var call = ByteBuffer.allocate(44 + 4 + path.length());
        for (int number : new int[]{0x80000000 | (call.capacity() - 4), 1, 0, 2, 100005, 3, 1, 0, 0, 0, 0}) {
            call.putInt(number);
        }
        call.putInt(path.length()).put(path.getBytes(StandardCharsets.US_ASCII));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(call.array());
            var in = new DataInputStream(socket.getInputStream());
            byte[] reply = in.readNBytes(in.readInt() & Integer.MAX_VALUE);
            return ByteBuffer.wrap(reply).getInt(24);
        }
    }

    @Test
    void aRuleOfAnotherFormIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> RunningServer.start(folder, new MemoryVCenter(),
                "--vmfinalize.nfs.clients=esx1.example.org")).rootCause()
                .hasMessageContaining("esx1.example.org");
    }
}
