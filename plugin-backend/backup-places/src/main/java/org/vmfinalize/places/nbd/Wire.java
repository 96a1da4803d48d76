package org.vmfinalize.places.nbd;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A stream of bytes to and from a server. All numbers are big-endian.
///
/// **Threads:** one that reads and one that writes; closing it makes both fail.
final class Wire implements Closeable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Closeable connection;
    private final @Nullable Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private Wire(Closeable connection, @Nullable Socket socket, InputStream in, OutputStream out) {
        this.connection = connection;
        this.socket = socket;
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /// Connects.
    ///
    /// @param patience for a connection over the network; one on this machine succeeds or fails at once
    static Wire connect(NbdAddress address, Duration patience) throws IOException {
        if (address.socket().isPresent()) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(address.socket().get()));
                return new Wire(channel, null, new ChannelIn(channel), new ChannelOut(channel));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            socket.connect(new InetSocketAddress(address.host(), address.port()),
                    Math.toIntExact(patience.toMillis()));
            return of(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Wire of(Socket socket) throws IOException {
        // Not buffered: what TLS has sent must not be swallowed before it takes over.
        return new Wire(socket, socket, socket.getInputStream(), socket.getOutputStream());
    }

    /// The same connection, encrypted from here on. The server must be who it says.
    Wire encrypted(SSLContext context, NbdAddress address) throws IOException {
        if (socket == null) {
            throw new IOException("TLS is possible over the network only");
        }
        var secure = (SSLSocket) context.getSocketFactory().createSocket(socket, address.host(),
                address.port(), true);
        var parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        try {
            secure.startHandshake();
        } catch (SSLHandshakeException e) {
            throw brokenOff(e) ? withRemedy(e) : e;
        } catch (EOFException | SocketException e) {
            throw withRemedy(e);
        }
        return of(secure);
    }

    private static boolean brokenOff(SSLHandshakeException refusal) {
        var said = String.valueOf(refusal.getMessage());
        return said.contains("handshake_failure") || said.contains("terminated the handshake");
    }

    /// Servers that have no way in common with this side say just that, or close the connection: which of these
    /// arrives depends on what was under way then.
    private static SSLException withRemedy(IOException refusal) {
        return new SSLException(
                ("the server broke off the handshake: %s; if it does so every time, it has no way of TLS that is "
                        + "known here: give it a certificate, or, if it has pre-shared keys only, put "
                        + "'nbdkit nbd' with its tls-psk between").formatted(refusal.getMessage()),
                refusal);
    }

    /// With a buffer, for many small numbers. Nothing else may read this wire from here on.
    Wire buffered() {
        return new Wire(connection, socket, new java.io.BufferedInputStream(in, BUFFER_BYTES), out);
    }

    int readShort() throws IOException {
        return in.readUnsignedShort();
    }

    int readInt() throws IOException {
        return in.readInt();
    }

    long readLong() throws IOException {
        return in.readLong();
    }

    byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    void readInto(byte[] target, int offset, int count) throws IOException {
        in.readFully(target, offset, count);
    }

    void skip(long count) throws IOException {
        in.skipNBytes(count);
    }

    /// Sends all that is between position and limit.
    void write(ByteBuffer message) throws IOException {
        out.write(message.array(), message.arrayOffset() + message.position(), message.remaining());
        out.flush();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /// A channel's own streams let a reader keep a writer waiting.
    private static final class ChannelIn extends InputStream {

        private final SocketChannel channel;

        ChannelIn(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            return channel.read(ByteBuffer.wrap(target, offset, count));
        }
    }

    private static final class ChannelOut extends OutputStream {

        private final SocketChannel channel;

        ChannelOut(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[]{(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int count) throws IOException {
            var bytes = ByteBuffer.wrap(source, offset, count);
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) < 0) {
                    throw new EOFException("the connection was closed");
                }
            }
        }
    }
}
