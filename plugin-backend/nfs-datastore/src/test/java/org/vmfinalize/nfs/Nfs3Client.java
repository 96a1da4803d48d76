package org.vmfinalize.nfs;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuth;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.vmfinalize.nfs.Nfs3Results.Found;

/// A client of all procedures, on a third party's RPC and XDR.
final class Nfs3Client implements FileCalls, DirectoryCalls, ListingCalls, FileSystemCalls, AutoCloseable {

    static final int UNSTABLE = 0;
    static final int DATA_SYNC = 1;
    static final int FILE_SYNC = 2;

    private static final int NFS = 100003;
    private static final int MOUNT = 100005;
    private static final long TIMEOUT_SECONDS = 30;

    private final NfsPorts ports;
    private final InetAddress address;
    private final RpcAuth credential;
    private final OncRpcClient rpc;
    private final RpcTransport transport;

    Nfs3Client(NfsPorts ports) throws IOException {
        this(ports, 0);
    }

    Nfs3Client(NfsPorts ports, int uid) throws IOException {
        this(ports, uid, InetAddress.getLoopbackAddress());
    }

    Nfs3Client(NfsPorts ports, InetAddress address) throws IOException {
        this(ports, 0, address);
    }

    private Nfs3Client(NfsPorts ports, int uid, InetAddress address) throws IOException {
        this.ports = ports;
        this.address = address;
        credential = new RpcAuthTypeUnix(uid, uid, new int[]{uid}, 1, "test");
        rpc = new OncRpcClient(address, IpProtocolType.TCP, ports.nfs());
        transport = rpc.connect(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    <T> T call(int program, int version, int procedure, Arguments arguments, Result<T> result)
            throws IOException {
        return call(transport, program, version, procedure, arguments, result);
    }

    private <T> T call(RpcTransport on, int program, int version, int procedure, Arguments arguments,
            Result<T> result)
            throws IOException {
        var decoded = new ArrayList<T>();
        XdrAble in = new XdrAble() {
            @Override
            public void xdrEncode(XdrEncodingStream out) throws IOException {
                arguments.encode(out);
            }

            @Override
            public void xdrDecode(XdrDecodingStream stream) throws IOException {
                decoded.add(result.decode(stream));
            }
        };
        try {
            new RpcCall(program, version, credential, on).call(procedure, in, in, TIMEOUT_SECONDS,
                    TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer to procedure " + procedure, e);
        }
        return decoded.getFirst();
    }

    Found mount(String path) throws IOException {
        try (var mountRpc = new OncRpcClient(address, IpProtocolType.TCP,
                ports.mount())) {
            return call(mountRpc.connect(), MOUNT, 3, 1, out -> out.xdrEncodeString(path), in -> {
                int status = in.xdrDecodeInt();
                return new Found(status, status == 0 ? in.xdrDecodeDynamicOpaque() : new byte[0],
                        Optional.empty());
            });
        }
    }

    @Override
    public <T> T nfs(int procedure, Arguments arguments, Result<T> result) throws IOException {
        return call(NFS, 3, procedure, arguments, result);
    }

    void nullProcedure() throws IOException {
        nfs(0, _ -> {
        }, _ -> true);
    }

    @Override
    public void close() throws IOException {
        rpc.close();
    }
}
