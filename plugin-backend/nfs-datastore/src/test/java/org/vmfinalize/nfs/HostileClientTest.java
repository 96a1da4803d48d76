package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that break the protocol, on purpose or not.
class HostileClientTest {

    private static final int ACCEPTED = 0;
    private static final int DENIED = 1;
    private static final int PROG_UNAVAIL = 1;
    private static final int PROG_MISMATCH = 2;
    private static final int PROC_UNAVAIL = 3;
    private static final int GARBAGE_ARGS = 4;
    private static final int AUTH_ERROR = 1;
    private static final int AUTH_BADCRED = 1;
    private static final int AUTH_BADVERF = 3;
    private static final int AUTH_TOOWEAK = 5;

    @TempDir
    private Path directory;
    private TestExport export;
    private byte[] root;

    @BeforeEach
    void start() throws IOException {
        export = new TestExport(directory, TestExport.NO_BACKUPS);
        try (var client = export.client()) {
            root = client.mount("/ds").handle();
        }
    }

    @AfterEach
    void serverIsAliveAndStops() throws IOException {
        try (var client = export.client()) {
            assertThat(client.getattr(root).status()).isZero();
        }
        export.close();
    }

    private RawConnection connect() throws IOException {
        return new RawConnection(export.ports().nfs());
    }

    private ByteBuffer answerTo(byte[] record) throws IOException {
        try (var connection = connect()) {
            connection.sendRecord(record);
            ByteBuffer reply = connection.receive();
            assertThat(reply.getInt()).isEqualTo(CallBytes.XID);
            assertThat(reply.getInt()).isEqualTo(1);
            return reply;
        }
    }

    private void assertAccepted(byte[] record, int status) throws IOException {
        ByteBuffer reply = answerTo(record);
        assertThat(reply.getInt()).isEqualTo(ACCEPTED);
        assertThat(reply.getLong()).isZero();
        assertThat(reply.getInt()).isEqualTo(status);
    }

    private void assertAuthError(byte[] record, int status) throws IOException {
        ByteBuffer reply = answerTo(record);
        assertThat(reply.getInt()).isEqualTo(DENIED);
        assertThat(reply.getInt()).isEqualTo(AUTH_ERROR);
        assertThat(reply.getInt()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7fffffff, 0xffffffff, 0x80200000, 0x00200000, 0x00000000, 0x80000000})
    void aRecordThatIsTooLongOrEmptyEndsTheConnection(int marker) throws IOException {
        try (var connection = connect()) {
            connection.send(ByteBuffer.allocate(8).putInt(marker).putInt(1).array());

            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void endlessFragmentsEndTheConnection() throws IOException {
        try (var connection = connect()) {
            ByteBuffer fragments = ByteBuffer.allocate(5 * 100);
            for (int i = 0; i < 100; i++) {
                fragments.putInt(1).put((byte) i);
            }
            connection.send(fragments.array());

            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void fragmentsThatAddUpToTooMuchEndTheConnection() throws IOException {
        try (var connection = connect()) {
            byte[] fragment = ByteBuffer.allocate(4 + (300 << 10)).putInt(300 << 10).array();
            for (int i = 0; i < 5; i++) {
                connection.send(fragment);
            }

            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aCallInManyFragmentsAndManyPiecesIsAnswered() throws IOException {
        byte[] record = CallBytes.nfs(1).opaque(root).record();
        try (var connection = connect()) {
            for (int at = 0; at < record.length; at += 7) {
                int length = Math.min(7, record.length - at);
                int last = at + length == record.length ? Integer.MIN_VALUE : 0;
                ByteBuffer fragment = ByteBuffer.allocate(4 + length).putInt(last | length).put(record, at,
                        length);
                for (byte b : fragment.array()) {
                    connection.send(new byte[]{b});
                }
            }

            assertThat(connection.receive().getInt(24)).isZero();
        }
    }

    @Test
    void manyCallsInOnePieceAreAllAnswered() throws IOException {
        byte[] record = CallBytes.nfs(1).opaque(root).record();
        ByteBuffer all = ByteBuffer.allocate(5000 * (record.length + 4));
        for (int i = 0; i < 5000; i++) {
            all.putInt(Integer.MIN_VALUE | record.length).put(record);
        }
        try (var connection = connect()) {
            connection.send(all.array());
            for (int i = 0; i < 5000; i++) {
                assertThat(connection.receive().getInt(24)).isZero();
            }
        }
    }

    @Test
    void whatIsNotServedIsNamedByTheProtocol() throws IOException {
        assertAccepted(CallBytes.header(2, 400122, 1, 0).number(0).number(0).number(0).number(0).record(),
                PROG_UNAVAIL);
        assertAccepted(
                CallBytes.header(2, CallBytes.NFS, 4, 0).number(0).number(0).number(0).number(0).record(),
                PROG_MISMATCH);
        assertAccepted(CallBytes.nfs(22).record(), PROC_UNAVAIL);
        assertAccepted(CallBytes.nfs(-1).record(), PROC_UNAVAIL);
        ByteBuffer mismatch = answerTo(CallBytes.header(3, CallBytes.NFS, 3, 0).number(0).number(0).record());
        assertThat(mismatch.getInt()).isEqualTo(DENIED);
        assertThat(mismatch.getInt()).isZero();
        assertThat(mismatch.getInt()).isEqualTo(2);
        assertThat(mismatch.getInt()).isEqualTo(2);
    }

    @Test
    void badCredentialsAreRefused() throws IOException {
        CallBytes unknownFlavor = CallBytes.header(2, CallBytes.NFS, 3, 1).number(6).number(0).number(0)
                .number(0);
        assertAuthError(unknownFlavor.opaque(root).record(), AUTH_BADCRED);
        CallBytes longBody = CallBytes.header(2, CallBytes.NFS, 3, 1).number(1).opaque(new byte[404])
                .number(0).number(0);
        assertAuthError(longBody.opaque(root).record(), AUTH_BADCRED);
        CallBytes hugeMachine = CallBytes.header(2, CallBytes.NFS, 3, 1).number(1).number(20).number(0)
                .number(0x7ffffff0).number(0).number(0).number(0).number(0).number(0);
        assertAuthError(hugeMachine.opaque(root).record(), AUTH_BADCRED);
        CallBytes manyGroups = CallBytes.header(2, CallBytes.NFS, 3, 1).number(1).number(20 + 68).number(0)
                .number(0)
                .number(0).number(0).number(17);
        for (int i = 0; i < 17; i++) {
            manyGroups.number(i);
        }
        assertAuthError(manyGroups.number(0).number(0).opaque(root).record(), AUTH_BADCRED);
        CallBytes negativeGroups = CallBytes.header(2, CallBytes.NFS, 3, 1).number(1).number(20).number(0)
                .number(0)
                .number(0).number(0).number(-1).number(0).number(0);
        assertAuthError(negativeGroups.opaque(root).record(), AUTH_BADCRED);
        CallBytes anonymous = CallBytes.header(2, CallBytes.NFS, 3, 1).number(0).number(0).number(0)
                .number(0);
        assertAuthError(anonymous.opaque(root).record(), AUTH_TOOWEAK);
        CallBytes hugeVerifier = CallBytes.header(2, CallBytes.NFS, 3, 1).rootCredential().number(0)
                .number(-1);
        assertAuthError(hugeVerifier.opaque(root).record(), AUTH_BADVERF);
    }

    @Test
    void everyCutOfACallIsAnsweredOrEndsTheConnection() throws IOException {
        byte[] record = CallBytes.nfs(7).opaque(root).hyper(0).number(4).number(2).opaque(new byte[4])
                .record();
        for (int length = 1; length < record.length; length++) {
            try (var connection = connect()) {
                connection.sendRecord(java.util.Arrays.copyOf(record, length));
                try {
                    ByteBuffer reply = connection.receive();
                    assertThat(reply.getInt(4)).isEqualTo(1);
                    boolean denied = reply.getInt(8) == DENIED;
                    assertThat(denied || reply.getInt(20) == GARBAGE_ARGS).as("cut at %d", length).isTrue();
                } catch (EOFException | SocketException _) {
                    assertThat(length).isLessThan(8);
                }
            }
        }
    }

    @Test
    void argumentsThatBreakTheirFormAreGarbage() throws IOException {
        assertAccepted(CallBytes.nfs(1).record(), GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(1).opaque(root).number(0).record(), GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(1).opaque(new byte[65]).record(), GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(1).number(0).record(), GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(1).number(-1).record(), GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(3).opaque(root).number(0x7fffffff).record(), GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(3).opaque(root).opaque(new byte[4097]).record(), GARBAGE_ARGS);
        assertAccepted(
                CallBytes.nfs(7).opaque(root).hyper(0).number(4).number(3).opaque(new byte[4]).record(),
                GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(7).opaque(root).hyper(0).number(-1).number(0).number(-1).record(),
                GARBAGE_ARGS);
        assertAccepted(
                CallBytes.nfs(7).opaque(root).hyper(0).number(0).number(0).opaque(new byte[(1 << 20) + 4])
                        .record(),
                GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(2).opaque(root).number(2).record(), GARBAGE_ARGS);
        assertAccepted(CallBytes.nfs(8).opaque(root).opaque(new byte[]{'a'}).number(3).record(),
                GARBAGE_ARGS);
    }

    @Test
    void noNameLeadsOutOfTheExport() throws IOException {
        Files.writeString(directory.resolveSibling("outside"), "secret");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolveSibling("outside"));
        Files.createSymbolicLink(directory.resolve("up"), directory.getParent());
        try (var client = export.client()) {
            assertThat(client.lookup(root, "..").handle()).isEqualTo(root);
            assertThat(client.lookup(root, "../outside").status()).isEqualTo(13);
            assertThat(client.lookup(root, "/etc").status()).isEqualTo(13);
            assertThat(client.lookup(root, new byte[]{'a', 0, 'b'}).status()).isEqualTo(13);
            assertThat(client.lookup(root, "").status()).isEqualTo(22);
            assertThat(client.lookup(root, "x".repeat(256)).status()).isEqualTo(63);
            assertThat(client.lookup(root, "x".repeat(255)).status()).isEqualTo(2);
            assertThat(client.create(root, "../made").status()).isEqualTo(22);
            assertThat(client.mkdir(root, "..").status()).isEqualTo(17);
            assertThat(client.mkdir(root, new byte[]{0}).status()).isEqualTo(22);
            assertThat(client.rename(root, "link", root, "../moved")).isEqualTo(13);
            assertThat(client.rename(root, "..", root, "x")).isEqualTo(22);
            assertThat(client.remove(root, "../outside")).isEqualTo(13);

            byte[] link = client.lookup(root, "link").handle();
            assertThat(client.attributes(link).type()).isEqualTo(5);
            assertThat(client.read(link, 0, 100).status()).isEqualTo(22);
            assertThat(client.write(link, 0, new byte[1], Nfs3Client.FILE_SYNC).status()).isEqualTo(22);
            assertThat(client.setSize(link, 0)).isEqualTo(10004);
            byte[] up = client.lookup(root, "up").handle();
            assertThat(client.lookup(up, "outside").status()).isEqualTo(20);
            assertThat(client.readdirplus(up, 0, 8192).status()).isEqualTo(20);
            assertThat(client.create(root, "link").status()).isEqualTo(17);
            assertThat(client.mount("/ds/up").status()).isEqualTo(20);
        }
        assertThat(Files.readString(directory.resolveSibling("outside"))).isEqualTo("secret");
    }

    @Test
    void namesAreBytes() throws IOException {
        byte[] name = {(byte) 0xff, (byte) 0xfe, 'x'};
        try (var client = export.client()) {
            byte[] file = client.create(root, name, out -> {
                out.xdrEncodeInt(0);
                FileCalls.putAttributes(out, 0644, -1);
            }).handle();
            client.write(file, 0, "bytes".getBytes(StandardCharsets.US_ASCII), Nfs3Client.FILE_SYNC);

            assertThat(client.lookup(root, name).handle()).isEqualTo(file);
        }
        export.restart();
        try (var client = export.client()) {
            assertThat(client.read(client.lookup(root, name).handle(), 0, 10).data()).hasSize(5);
        }
    }

    @Test
    void clientsThatDoNotReadTheirRepliesDelayNobody() throws IOException {
        Files.write(directory.resolve("big"), new byte[8 << 20]);
        try (var client = export.client(); var slow = connect()) {
            byte[] big = client.lookup(root, "big").handle();
            byte[] record = CallBytes.nfs(6).opaque(big).hyper(0).number(1 << 20).record();
            for (int i = 0; i < 60; i++) {
                slow.sendRecord(record);
            }

            for (int i = 0; i < 50; i++) {
                assertThat(client.read(big, 0, 4096).status()).isZero();
            }

            for (int i = 0; i < 60; i++) {
                assertThat(slow.receive().remaining()).isGreaterThan(1 << 20);
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndThoseWithinGoOn() throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 128; i++) {
                connections.add(connect());
            }
            byte[] call = CallBytes.nfs(1).opaque(root).record();
            for (RawConnection connection : connections) {
                connection.sendRecord(call);
                assertThat(connection.receive().getInt(24)).isZero();
            }
            try (var oneTooMany = connect()) {
                assertThat(oneTooMany.isClosedByServer()).isTrue();
            }
        } finally {
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
        awaitRoom();
    }

    /// The server notices closed connections when it looks at them next.
    private void awaitRoom() throws IOException {
        boolean served = false;
        while (!served) {
            try (var connection = connect()) {
                connection.sendRecord(CallBytes.nfs(1).opaque(root).record());
                served = connection.receive().getInt(24) == 0;
            } catch (EOFException | SocketException _) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void randomBytesAreAnsweredByTheProtocolOrEndTheConnection() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            byte[] record = randomRecord(random);
            try (var connection = connect()) {
                connection.sendRecord(record);
                connection.sendRecord(CallBytes.nfs(0).record());
                ByteBuffer reply = connection.receive();
                assertThat(reply.getInt(4)).as("seed %d, round %d", seed, round).isEqualTo(1);
                assertThat(reply.remaining() % 4).as("seed %d, round %d", seed, round).isZero();
            } catch (EOFException | SocketException _) {
                assertThat(record).as("seed %d, round %d", seed, round).isNotNull();
            }
        }
        assertThat(Files.exists(directory.resolve(".vmfinalize"))).isTrue();
    }

    /// A right call whose bytes are changed, cut or added to; sometimes nothing but noise.
    private byte[] randomRecord(Random random) {
        CallBytes call = CallBytes.nfs(random.nextInt(23)).opaque(root)
                .opaque("name".getBytes(StandardCharsets.US_ASCII));
        for (int i = random.nextInt(12); i > 0; i--) {
            call.number(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(4));
        }
        byte[] record = call.record();
        if (random.nextInt(10) == 0) {
            record = new byte[1 + random.nextInt(200)];
            random.nextBytes(record);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            record[random.nextInt(record.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(record, 1 + random.nextInt(record.length))
                : record;
    }
}
