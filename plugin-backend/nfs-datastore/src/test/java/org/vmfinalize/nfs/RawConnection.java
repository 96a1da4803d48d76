package org.vmfinalize.nfs;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/// A TCP connection on which a test can say anything.
final class RawConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    RawConnection(int port) throws IOException {
        this(port, InetAddress.getLoopbackAddress());
    }

    /// @param from an address of this machine, which the server takes for the client's
    RawConnection(int port, InetAddress from) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /// Sends bytes as they are. A connection that the server has closed already is no error here.
    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            if (socket.isClosed()) {
                throw e;
            }
        }
    }

    void sendRecord(byte[] record) throws IOException {
        send(ByteBuffer.allocate(record.length + 4).putInt(Integer.MIN_VALUE | record.length).put(record)
                .array());
    }

    /// The next record.
    ByteBuffer receive() throws IOException {
        int marker = in.readInt();
        byte[] record = new byte[marker & Integer.MAX_VALUE];
        in.readFully(record);
        return ByteBuffer.wrap(record);
    }

    /// Whether the server ends the connection, after whatever it still has to say.
    boolean isClosedByServer() throws IOException {
        try {
            while (true) {
                receive();
            }
        } catch (EOFException _) {
            return true;
        } catch (SocketException _) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
