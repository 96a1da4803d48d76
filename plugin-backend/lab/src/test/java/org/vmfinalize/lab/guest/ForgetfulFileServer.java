package org.vmfinalize.lab.guest;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.dcache.oncrpc4j.rpc.OncRpcProgram;
import org.dcache.oncrpc4j.rpc.OncRpcSvc;
import org.dcache.oncrpc4j.rpc.OncRpcSvcBuilder;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;

/// A file server with one file, which loses all that was not committed each time it restarts: the worst that RFC 1813
/// allows.
final class ForgetfulFileServer implements Closeable {

    private static final byte[] HANDLE = {1, 2, 3, 4};

    private final byte[] stable;
    private byte[] current;
    private long verifier = 1;
    private int lostWrites;
    private final Map<Long, Integer> uncommitted = new LinkedHashMap<>();
    private OncRpcSvc service;
    private final int port;

    ForgetfulFileServer(byte[] content) throws IOException {
        this.stable = content.clone();
        this.current = content.clone();
        this.service = start(20_000, 30_000);
        this.port = service.getInetSocketAddress(org.dcache.oncrpc4j.rpc.net.IpProtocolType.TCP).getPort();
    }

    NfsAddress address() {
        return new NfsAddress("127.0.0.1", port, port);
    }

    /// Ends all connections and forgets what was not committed.
    void restart() throws IOException {
        service.stop();
        synchronized (this) {
            lostWrites += uncommitted.size();
            uncommitted.clear();
            current = stable.clone();
            verifier++;
        }
        service = startAgain();
    }

    /// Forgets as a restart does, but keeps the connections.
    synchronized void forget() {
        lostWrites += uncommitted.size();
        uncommitted.clear();
        current = stable.clone();
        verifier++;
    }

    synchronized int lostWrites() {
        return lostWrites;
    }

    synchronized byte[] stableContent() {
        return stable.clone();
    }

    /// Puts a wrong byte into the file.
    synchronized void damage(int position) {
        current[position] ^= 1;
        stable[position] ^= 1;
    }

    @Override
    public void close() throws IOException {
        service.stop();
    }

    /// Listens on one of the ports, which are none that the system gives to connections: a client that tries to come
    /// back could be given the very port that it tries.
    private OncRpcSvc start(int firstPort, int lastPort) throws IOException {
        var started = new OncRpcSvcBuilder().withTCP().withoutAutoPublish().withBindAddress("127.0.0.1")
                .withMinPort(firstPort).withMaxPort(lastPort).withSameThreadIoStrategy()
                .withRpcService(new OncRpcProgram(NfsProcedures.NFS_PROGRAM, 3), this::nfs)
                .withRpcService(new OncRpcProgram(NfsProcedures.MOUNT_PROGRAM, 3), this::mount).build();
        started.start();
        return started;
    }

    /// The old listener may take a moment to go.
    private OncRpcSvc startAgain() throws IOException {
        for (int tries = 0;; tries++) {
            try {
                return start(port, port);
            } catch (BindException e) {
                if (tries == 1000) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private void mount(RpcCall call) throws IOException {
        call.retrieveCall(decoder(XdrDecodingStream::xdrDecodeString));
        call.reply(encoder(xdr -> {
            xdr.xdrEncodeInt(0);
            xdr.xdrEncodeDynamicOpaque(HANDLE);
            xdr.xdrEncodeIntVector(new int[]{1});
        }));
    }

    private synchronized void nfs(RpcCall call) throws IOException {
        switch (call.getProcedure()) {
            case 1 -> getAttributes(call);
            case 3 -> lookUp(call);
            case 6 -> read(call);
            case 7 -> write(call);
            case 19 -> describe(call);
            case 21 -> commit(call);
            default -> call.failProcedureUnavailable();
        }
    }

    private void getAttributes(RpcCall call) throws IOException {
        call.retrieveCall(decoder(XdrDecodingStream::xdrDecodeDynamicOpaque));
        call.reply(encoder(xdr -> {
            xdr.xdrEncodeInt(0);
            xdr.xdrEncodeOpaque(new byte[20], 20);
            xdr.xdrEncodeLong(stable.length);
            xdr.xdrEncodeOpaque(new byte[56], 56);
        }));
    }

    private void lookUp(RpcCall call) throws IOException {
        call.retrieveCall(decoder(xdr -> {
            xdr.xdrDecodeDynamicOpaque();
            xdr.xdrDecodeString();
        }));
        call.reply(encoder(xdr -> {
            xdr.xdrEncodeInt(0);
            xdr.xdrEncodeDynamicOpaque(HANDLE);
            xdr.xdrEncodeBoolean(false);
            xdr.xdrEncodeBoolean(false);
        }));
    }

    private void describe(RpcCall call) throws IOException {
        call.retrieveCall(decoder(XdrDecodingStream::xdrDecodeDynamicOpaque));
        call.reply(encoder(xdr -> {
            xdr.xdrEncodeInt(0);
            xdr.xdrEncodeBoolean(false);
            xdr.xdrEncodeInt(16 * 1024);
            xdr.xdrEncodeOpaque(new byte[44], 44);
        }));
    }

    private void read(RpcCall call) throws IOException {
        var range = new long[2];
        call.retrieveCall(decoder(xdr -> {
            xdr.xdrDecodeDynamicOpaque();
            range[0] = xdr.xdrDecodeLong();
            range[1] = xdr.xdrDecodeInt();
        }));
        var bytes = Arrays.copyOfRange(current, (int) range[0], (int) (range[0] + range[1]));
        call.reply(encoder(xdr -> {
            xdr.xdrEncodeInt(0);
            xdr.xdrEncodeBoolean(false);
            xdr.xdrEncodeInt(bytes.length);
            xdr.xdrEncodeBoolean(range[0] + range[1] == stable.length);
            xdr.xdrEncodeDynamicOpaque(bytes);
        }));
    }

    private void write(RpcCall call) throws IOException {
        call.retrieveCall(decoder(xdr -> {
            xdr.xdrDecodeDynamicOpaque();
            long position = xdr.xdrDecodeLong();
            xdr.xdrDecodeInt();
            boolean unstable = xdr.xdrDecodeInt() == 0;
            var bytes = xdr.xdrDecodeDynamicOpaque();
            System.arraycopy(bytes, 0, current, (int) position, bytes.length);
            if (unstable) {
                uncommitted.merge(position, bytes.length, Math::max);
            } else {
                System.arraycopy(bytes, 0, stable, (int) position, bytes.length);
            }
            int length = bytes.length;
            call.reply(encoder(reply -> {
                reply.xdrEncodeInt(0);
                reply.xdrEncodeBoolean(false);
                reply.xdrEncodeBoolean(false);
                reply.xdrEncodeInt(length);
                reply.xdrEncodeInt(unstable ? 0 : 2);
                reply.xdrEncodeLong(verifier);
            }));
        }));
    }

    private void commit(RpcCall call) throws IOException {
        call.retrieveCall(decoder(xdr -> {
            xdr.xdrDecodeDynamicOpaque();
            xdr.xdrDecodeLong();
            xdr.xdrDecodeInt();
        }));
        uncommitted.forEach((position, length) -> System.arraycopy(current, position.intValue(), stable,
                position.intValue(), length));
        uncommitted.clear();
        call.reply(encoder(xdr -> {
            xdr.xdrEncodeInt(0);
            xdr.xdrEncodeBoolean(false);
            xdr.xdrEncodeBoolean(false);
            xdr.xdrEncodeLong(verifier);
        }));
    }

    private interface Decoding {
        void from(XdrDecodingStream xdr) throws IOException;
    }

    private interface Encoding {
        void to(XdrEncodingStream xdr);
    }

    private static XdrAble decoder(Decoding decoding) {
        return new XdrAble() {
            @Override
            public void xdrDecode(XdrDecodingStream xdr) throws IOException {
                decoding.from(xdr);
            }

            @Override
            public void xdrEncode(XdrEncodingStream xdr) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private static XdrAble encoder(Encoding encoding) {
        return new XdrAble() {
            @Override
            public void xdrDecode(XdrDecodingStream xdr) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void xdrEncode(XdrEncodingStream xdr) {
                encoding.to(xdr);
            }
        };
    }
}
