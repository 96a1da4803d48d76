package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.ClientRule;
import org.vmfinalize.nfs.export.Export;
import org.vmfinalize.nfs.rpc.RpcLimits;

/// What a client can make the server keep, and for whom.
class LimitsTest {

    private static final int ACCES = 13;
    private static final int EXIST = 17;
    private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.2");

    @TempDir
    private Path directory;
    private Datastore datastore;
    private NfsServer server;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        datastore = Datastore.open("test", directory, TestExport.NO_BACKUPS);
        var export = new Export("/ds", datastore, List.of(ClientRule.parse("127.0.0.1")));
        server = NfsServer.start(NfsSettings.onLoopback(List.of(export)).withConnections(24, 20));
        try (var client = new Nfs3Client(server.ports())) {
            root = client.mount("/ds").handle();
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        datastore.close();
    }

    private static void assertAnswered(RawConnection connection, byte[] call, int status) throws IOException {
        connection.sendRecord(call);
        assertThat(connection.receive().getInt(24)).isEqualTo(status);
    }

    @Test
    void strangersAreToldSoAndCannotTakeTheRoomOfOthers() throws IOException {
        byte[] getattr = CallBytes.nfs(1).opaque(root).record();
        List<RawConnection> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < RpcLimits.STRANGERS; i++) {
                var connection = new RawConnection(server.ports().nfs(), STRANGER);
                strangers.add(connection);
                assertAnswered(connection, getattr, ACCES);
                assertAnswered(connection, CallBytes.nfs(12).opaque(root).opaque(new byte[]{'x'}).record(),
                        ACCES);
            }
            try (var oneTooMany = new RawConnection(server.ports().nfs(),
                    InetAddress.ofLiteral("127.0.0.3"))) {
                assertThat(oneTooMany.isClosedByServer()).isTrue();
            }
            try (var known = new RawConnection(server.ports().nfs())) {
                assertAnswered(known, getattr, 0);
            }
        } finally {
            for (RawConnection connection : strangers) {
                connection.close();
            }
        }
    }

    @Test
    void connectionsInAllAreBounded() throws IOException {
        byte[] getattr = CallBytes.nfs(1).opaque(root).record();
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 24; i++) {
                boolean stranger = i % 4 == 0;
                var connection = new RawConnection(server.ports().nfs(),
                        stranger ? STRANGER : InetAddress.getLoopbackAddress());
                connections.add(connection);
                assertAnswered(connection, getattr, stranger ? ACCES : 0);
            }
            try (var oneTooMany = new RawConnection(server.ports().nfs())) {
                assertThat(oneTooMany.isClosedByServer()).isTrue();
            }
        } finally {
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    /// A sender's address can be forged: then the answer would go to somebody who has not asked.
    @Test
    void datagramsOfStrangersAreNotAnswered() throws IOException {
        byte[] dump = CallBytes.header(2, 100005, 3, 5).number(0).number(0).number(0).number(0).record();
        try (var stranger = new DatagramSocket(0, STRANGER);
                var known = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            send(stranger, dump);
            send(known, dump);
            known.setSoTimeout(20_000);
            var reply = new DatagramPacket(new byte[9000], 9000);
            known.receive(reply);
            assertThat(reply.getLength()).isGreaterThan(28);

            // Datagrams are answered in order, so an answer would have come by now.
            stranger.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> stranger.receive(reply));
        }
    }

    private void send(DatagramSocket socket, byte[] call) throws IOException {
        socket.send(new DatagramPacket(call, call.length, InetAddress.getLoopbackAddress(),
                server.ports().mount()));
    }

    @Test
    void theOldestAnswersAreForgotten() throws IOException {
        try (var connection = new RawConnection(server.ports().nfs())) {
            for (int i = 0; i < 300; i++) {
                assertAnswered(connection, creation(i), 0);
            }
            assertAnswered(connection, creation(299), 0);
            assertAnswered(connection, creation(0), EXIST);
        }
    }

    /// A guarded creation, which cannot be done twice.
    private byte[] creation(int number) {
        byte[] record = CallBytes.nfs(8).opaque(root)
                .opaque(("f" + number).getBytes(StandardCharsets.US_ASCII))
                .number(1).number(0).number(0).number(0).number(0).number(0).number(0).record();
        return ByteBuffer.wrap(record).putInt(0, number).array();
    }

    @Test
    void theListOfMountsIsBoundedAndEmptiedByItsClient() throws IOException {
        for (int i = 0; i < 300; i++) {
            Files.createDirectory(directory.resolve("d" + i));
        }
        try (var client = new Nfs3Client(new NfsPorts(server.ports().mount(), server.ports().mount(), -1))) {
            for (int i = 0; i < 300; i++) {
                assertThat(client.mount("/ds/d" + i).status()).isZero();
            }
            assertThat(mounts(client)).hasSizeBetween(1, 256).contains("/ds/d299").doesNotContain("/ds/d0");
            assertThat(sizeOfDumpByDatagram()).as("what a forged call brings its victim").isBetween(200,
                    1400);
            client.call(100005, 3, 3, out -> out.xdrEncodeString("/ds/d299"), _ -> true);
            assertThat(mounts(client)).isNotEmpty().doesNotContain("/ds/d299");
            client.call(100005, 3, 4, _ -> {
            }, _ -> true);
            assertThat(mounts(client)).isEmpty();
        }
    }

    private int sizeOfDumpByDatagram() throws IOException {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(20_000);
            send(socket, CallBytes.header(2, 100005, 3, 2).number(0).number(0).number(0).number(0).record());
            var reply = new DatagramPacket(new byte[65_507], 65_507);
            socket.receive(reply);
            return reply.getLength();
        }
    }

    private static List<String> mounts(Nfs3Client client) throws IOException {
        return client.call(100005, 3, 2, _ -> {
        }, in -> {
            List<String> paths = new ArrayList<>();
            while (in.xdrDecodeBoolean()) {
                assertThat(in.xdrDecodeString()).isEqualTo("127.0.0.1");
                paths.add(in.xdrDecodeString());
            }
            return paths;
        });
    }
}
