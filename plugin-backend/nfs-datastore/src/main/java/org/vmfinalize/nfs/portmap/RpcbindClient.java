package org.vmfinalize.nfs.portmap;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// Calls the rpcbind of this machine, over TCP.
///
/// It lets only programs with a port below 1024 change its list, which is how it knows that root allows it.
///
/// **Threads:** one at a time.
final class RpcbindClient implements AutoCloseable {

    private static final int SET = 1;
    private static final int UNSET = 2;
    private static final int GETPORT = 3;
    private static final int OLD_VERSION = 2;
    private static final int NEW_VERSION = 4;

    private static final int HIGHEST_RESERVED = 1023;
    private static final int LOWEST_RESERVED = 600;
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int MOST_BYTES = 1024;
    private static final int LAST_FRAGMENT = Integer.MIN_VALUE;
    private static final int SUCCESS = 0;
    private static final int PROG_MISMATCH = 2;

    private final Socket socket;
    private int xid = 1;
    /// An rpcbind that is an old portmapper knows version 2 only.
    private boolean isOld;

    private RpcbindClient(Socket socket) {
        this.socket = socket;
    }

    /// @throws IOException if nobody answers there
    static RpcbindClient connect(InetSocketAddress rpcbind) throws IOException {
        for (int port = HIGHEST_RESERVED; port >= LOWEST_RESERVED; port--) {
            Socket socket = new Socket();
            try {
                socket.bind(new InetSocketAddress(rpcbind.getAddress(), port));
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(rpcbind, TIMEOUT_MILLIS);
                return new RpcbindClient(socket);
            } catch (ConnectException e) {
                socket.close();
                throw e;
            } catch (BindException e) {
                socket.close();
                if (!isInUse(e)) {
                    throw new IOException("a port below 1024 must be allowed for this user but was not", e);
                }
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
        throw new IOException("one of the ports %d..%d must be free but none was".formatted(LOWEST_RESERVED,
                HIGHEST_RESERVED));
    }

    private static boolean isInUse(BindException e) {
        return e.getMessage() != null && e.getMessage().contains("in use");
    }

    /// Adds an entry.
    ///
    /// @return false if the program has an entry with another address
    boolean set(Mapping mapping, InetAddress address) throws IOException {
        return change(SET, mapping, mapping.netId(address), mapping.universalAddress(address));
    }

    /// Takes the entry of a program away, if this user has made it.
    boolean unset(Mapping mapping, InetAddress address) throws IOException {
        return change(UNSET, mapping, mapping.netId(address), "");
    }

    /// The port that is known for a program over TCP or UDP; 0 if there is none.
    int port(Mapping mapping) throws IOException {
        return old(GETPORT, mapping).readInt();
    }

    private boolean change(int procedure, Mapping mapping, String netId, String address) throws IOException {
        if (!isOld) {
            XdrReader result = call(NEW_VERSION, procedure, out -> {
                out.putInt(mapping.program()).putInt(mapping.version());
                for (String text : new String[]{netId, address, ""}) {
                    out.putOpaque(text.getBytes(StandardCharsets.US_ASCII));
                }
            });
            if (result != null) {
                return result.readBoolean();
            }
            isOld = true;
        }
        return old(procedure, mapping).readBoolean();
    }

    private XdrReader old(int procedure, Mapping mapping) throws IOException {
        XdrReader result = call(OLD_VERSION, procedure,
                out -> out.putInt(mapping.program()).putInt(mapping.version())
                        .putInt(mapping.protocol()).putInt(mapping.port()));
        if (result == null) {
            throw new IOException("rpcbind must know version 2 of its protocol but does not");
        }
        return result;
    }

    private interface Arguments {
        void put(XdrWriter out);
    }

    /// Null if the version is not known there.
    private @Nullable XdrReader call(int version, int procedure, Arguments arguments) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(MOST_BYTES);
        XdrWriter out = new XdrWriter(record);
        out.putInt(0).putInt(++xid).putInt(0).putInt(2).putInt(PortmapProgram.NUMBER).putInt(version)
                .putInt(procedure);
        out.putInt(0).putInt(0).putInt(0).putInt(0); // neither credentials nor a verifier
        arguments.put(out);
        out.patchInt(0, LAST_FRAGMENT | (record.position() - Integer.BYTES));
        socket.getOutputStream().write(record.array(), 0, record.position());
        return answer();
    }

    private @Nullable XdrReader answer() throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        int length = in.readInt() & Integer.MAX_VALUE;
        if (length > MOST_BYTES) {
            throw new IOException(
                    "an answer of rpcbind must have at most %d bytes but had %d".formatted(MOST_BYTES,
                            length));
        }
        XdrReader reply = new XdrReader(ByteBuffer.wrap(in.readNBytes(length)));
        boolean mine = reply.readInt() == xid && reply.readInt() == 1;
        if (!mine || reply.readInt() != 0) {
            throw new IOException("rpcbind must accept the call but denied it");
        }
        reply.readInt();
        reply.readOpaque(MOST_BYTES);
        int status = reply.readInt();
        if (status != SUCCESS && status != PROG_MISMATCH) {
            throw new IOException(
                    "rpcbind must accept the call but answered with error %d".formatted(status));
        }
        return status == SUCCESS ? reply : null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
