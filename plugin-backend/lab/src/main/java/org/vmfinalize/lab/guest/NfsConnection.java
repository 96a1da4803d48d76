package org.vmfinalize.lab.guest;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dcache.oncrpc4j.rpc.IoStrategy;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuth;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;

/// One TCP connection to one RPC program of a file server.
///
/// **Threads:** any number may call at the same time; the calls share the connection.
final class NfsConnection implements Closeable {

    private static final long CONNECT_SECONDS = 5;

    /// Longer than the server may hold a read while it waits for the backup.
    private static final long CALL_SECONDS = 60;

    private final OncRpcClient client;
    private final RpcCall program;

    private NfsConnection(OncRpcClient client, RpcCall program) {
        this.client = client;
        this.program = program;
    }

    /// Connects as user 0, as ESXi does.
    ///
    /// @throws IOException if nobody listens there
    static NfsConnection open(String host, int port, int program, int version) throws IOException {
        var client = new OncRpcClient(InetAddress.getByName(host), IpProtocolType.TCP, port, 0,
                IoStrategy.SAME_THREAD);
        try {
            RpcAuth root = new RpcAuthTypeUnix(0, 0, new int[]{0}, (int) (System.currentTimeMillis() / 1000),
                    "lab-esxi");
            var transport = client.connect(CONNECT_SECONDS, TimeUnit.SECONDS);
            return new NfsConnection(client, new RpcCall(program, version, root, transport));
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    /// Calls a procedure and waits for its answer.
    ///
    /// @throws ConnectionLostException if no answer came; the call may or may not have been carried out
    void call(int procedure, Encoder arguments, Decoder answer) throws IOException {
        try {
            program.call(procedure, new Arguments(arguments), new Answer(answer), CALL_SECONDS,
                    TimeUnit.SECONDS);
        } catch (EOFException e) {
            throw new ConnectionLostException("the connection ended", e);
        } catch (TimeoutException e) {
            throw new ConnectionLostException("no answer within %d s".formatted(CALL_SECONDS), e);
        } catch (IOException e) {
            if (program.getTransport().isOpen()) {
                throw e;
            }
            throw new ConnectionLostException("the connection broke", e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /// No answer came to a call.
    static final class ConnectionLostException extends IOException {

        ConnectionLostException(String message) {
            super(message);
        }

        ConnectionLostException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Writes a call's arguments.
    interface Encoder {
        void encode(XdrEncodingStream xdr) throws IOException;
    }

    /// Reads a call's answer.
    interface Decoder {
        void decode(XdrDecodingStream xdr) throws IOException;
    }

    private record Arguments(Encoder encoder) implements XdrAble {

        @Override
        public void xdrEncode(XdrEncodingStream xdr) throws IOException {
            encoder.encode(xdr);
        }

        @Override
        public void xdrDecode(XdrDecodingStream xdr) {
            throw new UnsupportedOperationException("arguments are only written");
        }
    }

    private record Answer(Decoder decoder) implements XdrAble {

        @Override
        public void xdrEncode(XdrEncodingStream xdr) {
            throw new UnsupportedOperationException("an answer is only read");
        }

        @Override
        public void xdrDecode(XdrDecodingStream xdr) throws IOException {
            decoder.decode(xdr);
        }
    }
}
