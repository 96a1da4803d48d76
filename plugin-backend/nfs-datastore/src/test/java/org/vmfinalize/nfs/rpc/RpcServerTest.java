package org.vmfinalize.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Slow and dead clients.
class RpcServerTest {

    private static final int ANSWER_BYTES = 64 << 10;
    private static final int PROGRAM = 400_000;

    /// Answers each call with 64 KiB.
    private static final class Generous implements RpcProgram {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public int number() {
            return PROGRAM;
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public int procedureCount() {
            return 1;
        }

        @Override
        public boolean allowsAnonymous(int procedure) {
            return true;
        }

        @Override
        public void call(Call call) {
            calls.incrementAndGet();
            call.send(new byte[ANSWER_BYTES]);
        }
    }

    private static RpcServer serve(Generous program, RpcLimits limits) throws IOException {
        return RpcServer.start("test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                RpcServer.Transport.TCP, List.of(program), limits, _ -> true);
    }

    private static Socket connect(RpcServer server, String from) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port(), InetAddress.ofLiteral(from),
                0);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] calls(int count) {
        var calls = ByteBuffer.allocate(count * 44);
        for (int i = 0; i < count; i++) {
            for (int number : new int[]{0x80000028, i, 0, 2, PROGRAM, 1, 0, 0, 0, 0, 0}) {
                calls.putInt(number);
            }
        }
        return calls.array();
    }

    private static void receive(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        in.readFully(new byte[in.readInt() & Integer.MAX_VALUE]);
    }

    @Test
    void clientsThatReadNothingOnManyConnectionsFillTheirRoomAndOthersGoOn() throws IOException {
        var program = new Generous();
        var limits = new RpcLimits(4096, 4, 100, 100, 100_000, 1 << 30, 1 << 30, 4 << 20,
                Duration.ofMinutes(2));
        var server = serve(program, limits);
        var greedy = new Socket[8];
        try (var modest = connect(server, "127.0.0.2")) {
            for (int i = 0; i < greedy.length; i++) {
                greedy[i] = connect(server, "127.0.0.1");
                greedy[i].getOutputStream().write(calls(2000));
            }

            for (int i = 0; i < 200; i++) {
                modest.getOutputStream().write(calls(1));
                receive(modest);
            }

            // Beside its room the sockets' own buffers hold some: far less than the 16,000 answers that were asked for.
            assertThat(program.calls.get()).isLessThan(6000);
            for (Socket socket : greedy) {
                for (int i = 0; i < 2000; i++) {
                    receive(socket);
                }
            }
        } finally {
            for (Socket socket : greedy) {
                socket.close();
            }
            server.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void aCallThatIsLeftHalfSentEndsItsConnection() throws IOException {
        var server = serve(new Generous(), RpcLimits.forPayload(1000).withStall(Duration.ofMillis(1)));
        try (var socket = connect(server, "127.0.0.1")) {
            socket.getOutputStream().write(calls(1), 0, 30);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        server.close(Duration.ofSeconds(5));
    }

    @Test
    void aClientThatDoesNotReadIsCutOffInTheEnd() throws IOException {
        var program = new Generous();
        var server = serve(program, RpcLimits.forPayload(1000).withStall(Duration.ofMillis(1)));
        try (var socket = connect(server, "127.0.0.1")) {
            socket.getOutputStream().write(calls(2000));
            while (program.calls.get() == 0 || server.connectionCount() > 0) {
                Thread.onSpinWait();
            }
            assertThat(program.calls.get()).isLessThan(2000);
        }
        server.close(Duration.ofSeconds(5));
    }

    @Test
    void aConnectionThatArrivesWhileTheServerClosesIsClosedWithIt() throws IOException {
        for (int tries = 0; tries < 300; tries++) {
            var server = serve(new Generous(), RpcLimits.forPayload(1000));
            try (var _ = connect(server, "127.0.0.1")) {
                server.close(Duration.ofMillis(1));

                while (server.connectionCount() > 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
