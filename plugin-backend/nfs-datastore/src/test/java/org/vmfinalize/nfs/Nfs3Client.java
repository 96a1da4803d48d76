package org.vmfinalize.nfs;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

/// A client of all procedures, on a third party's RPC and XDR.
@SuppressWarnings("ArrayRecordComponent") // compared by field in tests only
final class Nfs3Client implements AutoCloseable {

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

    /// Encodes arguments.
    interface Arguments {
        void encode(XdrEncodingStream out) throws IOException;
    }

    /// Decodes a result.
    interface Result<T> {
        T decode(XdrDecodingStream in) throws IOException;
    }

    record Attributes(int type, int mode, int links, int uid, int gid, long size, long used, long fsid,
            long fileid,
            long mtime, long ctime) {

        static Attributes decode(XdrDecodingStream in) throws IOException {
            int type = in.xdrDecodeInt();
            int mode = in.xdrDecodeInt();
            int links = in.xdrDecodeInt();
            int uid = in.xdrDecodeInt();
            int gid = in.xdrDecodeInt();
            long size = in.xdrDecodeLong();
            long used = in.xdrDecodeLong();
            in.xdrDecodeLong();
            long fsid = in.xdrDecodeLong();
            long fileid = in.xdrDecodeLong();
            in.xdrDecodeLong(); // atime
            return new Attributes(type, mode, links, uid, gid, size, used, fsid, fileid, in.xdrDecodeLong(),
                    in.xdrDecodeLong());
        }

        static Optional<Attributes> decodePostOp(XdrDecodingStream in) throws IOException {
            return in.xdrDecodeBoolean() ? Optional.of(decode(in)) : Optional.empty();
        }
    }

    record Wcc(boolean hasBefore, long sizeBefore, Optional<Attributes> after) {

        static Wcc decode(XdrDecodingStream in) throws IOException {
            boolean before = in.xdrDecodeBoolean();
            long size = 0;
            if (before) {
                size = in.xdrDecodeLong();
                in.xdrDecodeLong();
                in.xdrDecodeLong();
            }
            return new Wcc(before, size, Attributes.decodePostOp(in));
        }
    }

    record Status(int status, Optional<Attributes> attributes) {}

    record Found(int status, byte[] handle, Optional<Attributes> attributes) {}

    record Read(int status, byte[] data, boolean eof) {}

    record Written(int status, int count, int committed, long verifier, Wcc wcc) {}

    record Entry(String name, long fileid, long cookie, Optional<Attributes> attributes, byte[] handle) {}

    record Page(int status, List<Entry> entries, boolean eof) {}

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

    private <T> T nfs(int procedure, Arguments arguments, Result<T> result) throws IOException {
        return call(NFS, 3, procedure, arguments, result);
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

    void nullProcedure() throws IOException {
        nfs(0, _ -> {
        }, _ -> true);
    }

    Status getattr(byte[] handle) throws IOException {
        return nfs(1, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            int status = in.xdrDecodeInt();
            return new Status(status, status == 0 ? Optional.of(Attributes.decode(in)) : Optional.empty());
        });
    }

    Attributes attributes(byte[] handle) throws IOException {
        return getattr(handle).attributes().orElseThrow();
    }

    int setSize(byte[] handle, long size) throws IOException {
        return setattr(handle, out -> putAttributes(out, -1, size), Optional.empty());
    }

    int setMode(byte[] handle, int mode) throws IOException {
        return setattr(handle, out -> putAttributes(out, mode, -1), Optional.empty());
    }

    int setattr(byte[] handle, Arguments attributes, Optional<Long> guard) throws IOException {
        return nfs(2, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            attributes.encode(out);
            out.xdrEncodeBoolean(guard.isPresent());
            if (guard.isPresent()) {
                out.xdrEncodeLong(guard.get());
            }
        }, in -> {
            int status = in.xdrDecodeInt();
            Wcc.decode(in);
            return status;
        });
    }

    static void putAttributes(XdrEncodingStream out, int mode, long size) {
        out.xdrEncodeBoolean(mode >= 0);
        if (mode >= 0) {
            out.xdrEncodeInt(mode);
        }
        out.xdrEncodeBoolean(false);
        out.xdrEncodeBoolean(false);
        out.xdrEncodeBoolean(size >= 0);
        if (size >= 0) {
            out.xdrEncodeLong(size);
        }
        out.xdrEncodeInt(0);
        out.xdrEncodeInt(0);
    }

    Found lookup(byte[] directory, String name) throws IOException {
        return lookup(directory, name.getBytes(StandardCharsets.UTF_8));
    }

    Found lookup(byte[] directory, byte[] name) throws IOException {
        return nfs(3, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeDynamicOpaque(name);
        }, in -> {
            int status = in.xdrDecodeInt();
            byte[] handle = status == 0 ? in.xdrDecodeDynamicOpaque() : new byte[0];
            Optional<Attributes> attributes = status == 0 ? Attributes.decodePostOp(in) : Optional.empty();
            Attributes.decodePostOp(in);
            return new Found(status, handle, attributes);
        });
    }

    /// The granted bits, or the negative status.
    int access(byte[] handle, int wanted) throws IOException {
        return nfs(4, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeInt(wanted);
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            return status == 0 ? in.xdrDecodeInt() : -status;
        });
    }

    int readlink(byte[] handle) throws IOException {
        return statusThenPostOp(5, out -> out.xdrEncodeDynamicOpaque(handle));
    }

    private int statusThenPostOp(int procedure, Arguments arguments) throws IOException {
        return nfs(procedure, arguments, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            return status;
        });
    }

    Read read(byte[] handle, long offset, int count) throws IOException {
        return nfs(6, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeLong(offset);
            out.xdrEncodeInt(count);
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            if (status != 0) {
                return new Read(status, new byte[0], false);
            }
            int length = in.xdrDecodeInt();
            boolean eof = in.xdrDecodeBoolean();
            byte[] data = in.xdrDecodeDynamicOpaque();
            if (data.length != length) {
                throw new IOException("count is %d but there are %d bytes".formatted(length, data.length));
            }
            return new Read(status, data, eof);
        });
    }

    Written write(byte[] handle, long offset, byte[] data, int stability) throws IOException {
        return write(handle, offset, data, data.length, stability);
    }

    Written write(byte[] handle, long offset, byte[] data, int count, int stability) throws IOException {
        return nfs(7, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeLong(offset);
            out.xdrEncodeInt(count);
            out.xdrEncodeInt(stability);
            out.xdrEncodeDynamicOpaque(data);
        }, in -> {
            int status = in.xdrDecodeInt();
            Wcc wcc = Wcc.decode(in);
            return status == 0
                    ? new Written(status, in.xdrDecodeInt(), in.xdrDecodeInt(), in.xdrDecodeLong(), wcc)
                    : new Written(status, 0, 0, 0, wcc);
        });
    }

    Found create(byte[] directory, String name) throws IOException {
        return create(directory, name.getBytes(StandardCharsets.UTF_8), out -> {
            out.xdrEncodeInt(0);
            putAttributes(out, 0644, -1);
        });
    }

    Found createGuarded(byte[] directory, String name) throws IOException {
        return create(directory, name.getBytes(StandardCharsets.UTF_8), out -> {
            out.xdrEncodeInt(1);
            putAttributes(out, 0600, -1);
        });
    }

    Found createExclusive(byte[] directory, String name, long verifier) throws IOException {
        return create(directory, name.getBytes(StandardCharsets.UTF_8), out -> {
            out.xdrEncodeInt(2);
            out.xdrEncodeLong(verifier);
        });
    }

    Found create(byte[] directory, byte[] name, Arguments how) throws IOException {
        return made(8, directory, name, how);
    }

    Found mkdir(byte[] directory, String name) throws IOException {
        return mkdir(directory, name.getBytes(StandardCharsets.UTF_8));
    }

    Found mkdir(byte[] directory, byte[] name) throws IOException {
        return made(9, directory, name, out -> putAttributes(out, 0755, -1));
    }

    private Found made(int procedure, byte[] directory, byte[] name, Arguments how) throws IOException {
        return nfs(procedure, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeDynamicOpaque(name);
            how.encode(out);
        }, in -> {
            int status = in.xdrDecodeInt();
            byte[] handle = status == 0 && in.xdrDecodeBoolean() ? in.xdrDecodeDynamicOpaque() : new byte[0];
            Optional<Attributes> attributes = status == 0 ? Attributes.decodePostOp(in) : Optional.empty();
            Wcc.decode(in);
            return new Found(status, handle, attributes);
        });
    }

    int symlink(byte[] directory, String name, String target) throws IOException {
        return changed(10, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
            putAttributes(out, -1, -1);
            out.xdrEncodeString(target);
        });
    }

    int mknod(byte[] directory, String name, int type) throws IOException {
        return changed(11, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
            out.xdrEncodeInt(type);
            if (type == 3 || type == 4 || type >= 6) {
                putAttributes(out, -1, -1);
            }
            if (type == 3 || type == 4) {
                out.xdrEncodeLong(1);
            }
        });
    }

    int remove(byte[] directory, String name) throws IOException {
        return remove(12, directory, name);
    }

    int rmdir(byte[] directory, String name) throws IOException {
        return remove(13, directory, name);
    }

    private int remove(int procedure, byte[] directory, String name) throws IOException {
        return changed(procedure, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
        });
    }

    private int changed(int procedure, Arguments arguments) throws IOException {
        return nfs(procedure, arguments, in -> {
            int status = in.xdrDecodeInt();
            Wcc.decode(in);
            return status;
        });
    }

    int rename(byte[] from, String oldName, byte[] to, String newName) throws IOException {
        return nfs(14, out -> {
            out.xdrEncodeDynamicOpaque(from);
            out.xdrEncodeString(oldName);
            out.xdrEncodeDynamicOpaque(to);
            out.xdrEncodeString(newName);
        }, in -> {
            int status = in.xdrDecodeInt();
            Wcc.decode(in);
            Wcc.decode(in);
            return status;
        });
    }

    int link(byte[] file, byte[] directory, String name) throws IOException {
        return nfs(15, out -> {
            out.xdrEncodeDynamicOpaque(file);
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeString(name);
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            Wcc.decode(in);
            return status;
        });
    }

    Page readdir(byte[] directory, long cookie, int count) throws IOException {
        return page(16, directory, cookie, count, false);
    }

    Page readdirplus(byte[] directory, long cookie, int count) throws IOException {
        return page(17, directory, cookie, count, true);
    }

    private Page page(int procedure, byte[] directory, long cookie, int count, boolean plus)
            throws IOException {
        return nfs(procedure, out -> {
            out.xdrEncodeDynamicOpaque(directory);
            out.xdrEncodeLong(cookie);
            out.xdrEncodeLong(0);
            out.xdrEncodeInt(count);
            if (plus) {
                out.xdrEncodeInt(count);
            }
        }, in -> {
            int status = in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            List<Entry> entries = new ArrayList<>();
            if (status != 0) {
                return new Page(status, entries, false);
            }
            in.xdrDecodeLong();
            while (in.xdrDecodeBoolean()) {
                long fileid = in.xdrDecodeLong();
                String name = in.xdrDecodeString();
                long next = in.xdrDecodeLong();
                entries.add(
                        new Entry(name, fileid, next, plus ? Attributes.decodePostOp(in) : Optional.empty(),
                                plus && in.xdrDecodeBoolean() ? in.xdrDecodeDynamicOpaque() : new byte[0]));
            }
            return new Page(status, entries, in.xdrDecodeBoolean());
        });
    }

    /// All names, page by page.
    List<String> names(byte[] directory, int pageBytes) throws IOException {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        Page page;
        do {
            page = readdirplus(directory, cookie, pageBytes);
            if (page.status() != 0) {
                throw new IOException("READDIRPLUS: status " + page.status());
            }
            for (Entry entry : page.entries()) {
                names.add(entry.name());
                cookie = entry.cookie();
            }
        } while (!page.eof());
        return names;
    }

    /// Total, free and available bytes.
    long[] fsstat(byte[] handle) throws IOException {
        return nfs(18, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            long[] bytes = {in.xdrDecodeLong(), in.xdrDecodeLong(), in.xdrDecodeLong()};
            for (int i = 0; i < 3; i++) {
                in.xdrDecodeLong();
            }
            in.xdrDecodeInt();
            return bytes;
        });
    }

    /// rtmax, wtmax.
    int[] fsinfo(byte[] handle) throws IOException {
        return nfs(19, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            int readMost = in.xdrDecodeInt();
            in.xdrDecodeInt();
            in.xdrDecodeInt();
            int writeMost = in.xdrDecodeInt();
            for (int i = 0; i < 3; i++) {
                in.xdrDecodeInt();
            }
            in.xdrDecodeLong();
            in.xdrDecodeLong();
            in.xdrDecodeInt();
            return new int[]{readMost, writeMost};
        });
    }

    /// Most bytes of a file.
    long largestFile(byte[] handle) throws IOException {
        return nfs(19, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            for (int i = 0; i < 7; i++) {
                in.xdrDecodeInt();
            }
            long largest = in.xdrDecodeLong();
            in.xdrDecodeLong();
            in.xdrDecodeInt();
            return largest;
        });
    }

    /// Longest name.
    int pathconf(byte[] handle) throws IOException {
        return nfs(20, out -> out.xdrEncodeDynamicOpaque(handle), in -> {
            in.xdrDecodeInt();
            Attributes.decodePostOp(in);
            in.xdrDecodeInt();
            int longest = in.xdrDecodeInt();
            for (int i = 0; i < 4; i++) {
                in.xdrDecodeBoolean();
            }
            return longest;
        });
    }

    Written commit(byte[] handle) throws IOException {
        return nfs(21, out -> {
            out.xdrEncodeDynamicOpaque(handle);
            out.xdrEncodeLong(0);
            out.xdrEncodeInt(0);
        }, in -> {
            int status = in.xdrDecodeInt();
            Wcc wcc = Wcc.decode(in);
            return new Written(status, 0, FILE_SYNC, status == 0 ? in.xdrDecodeLong() : 0, wcc);
        });
    }

    @Override
    public void close() throws IOException {
        rpc.close();
    }
}
