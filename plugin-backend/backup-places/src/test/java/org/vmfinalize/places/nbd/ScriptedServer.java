package org.vmfinalize.places.nbd;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/// An NBD server that is sound up to the transmission, or says what a test wants it to.
final class ScriptedServer implements AutoCloseable {

    static final int SIZE = 1 << 20;

    private final ServerSocket listening;
    private final AtomicInteger connections = new AtomicInteger();

    /// What is said to a client that has connected.
    interface Script {
        void talk(DataInputStream in, DataOutputStream out) throws IOException;
    }

    ScriptedServer(Script script) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(script));
    }

    private void accept(Script script) {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(script, socket));
            } catch (IOException _) {
                return; // the test is over
            }
        }
    }

    private static void serve(Script script, Socket socket) {
        try (socket;
                var in = new DataInputStream(socket.getInputStream());
                var out = new DataOutputStream(socket.getOutputStream())) {
            script.talk(in, out);
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException _) {
            // The client hung up, as it may.
        }
    }

    int connections() {
        return connections.get();
    }

    URI uri() {
        return URI.create("nbd://127.0.0.1:%d/".formatted(listening.getLocalPort()));
    }

    /// Says all up to the transmission, with structured replies and `base:allocation` as context 7.
    static void greet(DataInputStream in, DataOutputStream out, int flags) throws IOException {
        hello(out);
        in.readInt();
        while (true) {
            in.readLong();
            int option = in.readInt();
            in.skipNBytes(in.readInt());
            switch (option) {
                case 8 -> reply(out, option, 1);
                case 10 -> {
                    head(out, option, 4, 4 + "base:allocation".length());
                    out.writeInt(7);
                    out.writeBytes("base:allocation");
                    reply(out, option, 1);
                }
                case 7 -> {
                    head(out, option, 3, 12);
                    out.writeShort(0);
                    out.writeLong(SIZE);
                    out.writeShort(flags);
                    reply(out, option, 1);
                    return;
                }
                default -> reply(out, option, 0x8000_0001);
            }
        }
    }

    static void hello(DataOutputStream out) throws IOException {
        out.writeLong(0x4e42_444d_4147_4943L);
        out.writeLong(0x4948_4156_454f_5054L);
        out.writeShort(3);
    }

    static void reply(DataOutputStream out, int option, int type) throws IOException {
        head(out, option, type, 0);
    }

    static void head(DataOutputStream out, int option, int type, int length) throws IOException {
        out.writeLong(0x3_e889_0455_65a9L);
        out.writeInt(option);
        out.writeInt(type);
        out.writeInt(length);
    }

    /// A request of a client.
    record Asked(int command, long cookie, long offset, int length) {

        static Asked read(DataInputStream in) throws IOException {
            in.readInt();
            in.readShort();
            return new Asked(in.readUnsignedShort(), in.readLong(), in.readLong(), in.readInt());
        }

        /// Answers with bytes that are each the low byte of their position.
        void answer(DataOutputStream out) throws IOException {
            chunk(out, 1, 1, 8 + length);
            out.writeLong(offset);
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (offset + i);
            }
            out.write(bytes);
        }

        /// The head of a structured chunk.
        void chunk(DataOutputStream out, int flags, int type, int payload) throws IOException {
            out.writeInt(0x668e_33ef);
            out.writeShort(flags);
            out.writeShort(type);
            out.writeLong(cookie);
            out.writeInt(payload);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
