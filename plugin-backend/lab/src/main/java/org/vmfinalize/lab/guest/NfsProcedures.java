package org.vmfinalize.lab.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;

/// The procedures of MOUNT v3 and NFS v3 that a virtual machine's disk needs (RFC 1813).
final class NfsProcedures {

    static final int NFS_PROGRAM = 100003;
    static final int MOUNT_PROGRAM = 100005;
    static final int VERSION = 3;

    private static final int MNT = 1;
    private static final int GETATTR = 1;
    private static final int LOOKUP = 3;
    private static final int READ = 6;
    private static final int WRITE = 7;
    private static final int REMOVE = 12;
    private static final int RMDIR = 13;
    private static final int FSINFO = 19;
    private static final int COMMIT = 21;

    private static final int MAX_HANDLE_BYTES = 64;
    private static final int ATTRIBUTES_BYTES = 84;
    private static final int WCC_BYTES = 24;

    private NfsProcedures() {}

    /// Asks for the handle of an exported directory.
    static byte[] mount(NfsConnection connection, String directory) throws IOException {
        var result = new Result("MNT of '%s'".formatted(directory));
        connection.call(MNT, xdr -> xdr.xdrEncodeString(directory), xdr -> {
            if (result.isGood(xdr)) {
                result.handle = handle(xdr);
            }
        });
        return result.checked().handle;
    }

    static byte[] lookUp(NfsConnection connection, byte[] directory, String name) throws IOException {
        var result = new Result("LOOKUP of '%s'".formatted(name));
        connection.call(LOOKUP, xdr -> {
            xdr.xdrEncodeDynamicOpaque(directory);
            xdr.xdrEncodeString(name);
        }, xdr -> {
            if (result.isGood(xdr)) {
                result.handle = handle(xdr);
            }
        });
        return result.checked().handle;
    }

    /// Removes a file of a directory.
    static void remove(NfsConnection connection, byte[] directory, String name) throws IOException {
        remove(connection, REMOVE, "REMOVE", directory, name);
    }

    /// Removes an empty directory of a directory.
    static void removeDirectory(NfsConnection connection, byte[] directory, String name) throws IOException {
        remove(connection, RMDIR, "RMDIR", directory, name);
    }

    private static void remove(NfsConnection connection, int procedure, String word, byte[] directory,
            String name) throws IOException {
        var result = new Result("%s of '%s'".formatted(word, name));
        connection.call(procedure, xdr -> {
            xdr.xdrEncodeDynamicOpaque(directory);
            xdr.xdrEncodeString(name);
        }, xdr -> {
            var _ = result.isGood(xdr);
            skipBeforeAndAfter(xdr);
        });
        result.checked();
    }

    /// The file's size in bytes.
    static long size(NfsConnection connection, byte[] file) throws IOException {
        var result = new Result("GETATTR");
        connection.call(GETATTR, xdr -> xdr.xdrEncodeDynamicOpaque(file), xdr -> {
            if (result.isGood(xdr)) {
                xdr.xdrDecodeOpaque(20);
                result.number = xdr.xdrDecodeLong();
            }
        });
        return result.checked().number;
    }

    /// The largest READ that the server answers in full, in bytes.
    static int largestRead(NfsConnection connection, byte[] root) throws IOException {
        var result = new Result("FSINFO");
        connection.call(FSINFO, xdr -> xdr.xdrEncodeDynamicOpaque(root), xdr -> {
            if (result.isGood(xdr)) {
                skipAttributes(xdr);
                result.number = xdr.xdrDecodeInt();
            }
        });
        return Math.toIntExact(result.checked().number);
    }

    /// Reads `target.remaining()` bytes.
    ///
    /// @throws IOException also if the server answers with fewer, which it may do at the end of the file only
    static void read(NfsConnection connection, byte[] file, ByteBuffer target, long position)
            throws IOException {
        int wanted = target.remaining();
        var result = new Result("READ of %d bytes at %d".formatted(wanted, position));
        connection.call(READ, xdr -> {
            xdr.xdrEncodeDynamicOpaque(file);
            xdr.xdrEncodeLong(position);
            xdr.xdrEncodeInt(wanted);
        }, xdr -> {
            boolean good = result.isGood(xdr);
            skipAttributes(xdr);
            if (good) {
                int count = xdr.xdrDecodeInt();
                xdr.xdrDecodeBoolean();
                int length = xdr.xdrDecodeInt();
                if (count != wanted || length != wanted) {
                    throw new IOException("%s: the server must return %d bytes but counts %d and sends %d"
                            .formatted(result.call, wanted, count, length));
                }
                var bytes = xdr.xdrDecodeOpaque(length);
                target.put(bytes);
            }
        });
        result.checked();
    }

    /// How far a write got, and in which life of the server.
    ///
    /// @param stable whether it survives a crash already
    /// @param verifier changes when what was not stable may be lost
    record Written(boolean stable, long verifier) {}

    static Written write(NfsConnection connection, byte[] file, ByteBuffer source, long position,
            boolean stable)
            throws IOException {
        int length = source.remaining();
        var bytes = new byte[length];
        source.get(bytes);
        var result = new Result("WRITE of %d bytes at %d".formatted(length, position));
        connection.call(WRITE, xdr -> {
            xdr.xdrEncodeDynamicOpaque(file);
            xdr.xdrEncodeLong(position);
            xdr.xdrEncodeInt(length);
            xdr.xdrEncodeInt(stable ? 2 : 0);
            xdr.xdrEncodeDynamicOpaque(bytes);
        }, xdr -> {
            boolean good = result.isGood(xdr);
            skipBeforeAndAfter(xdr);
            if (good) {
                int count = xdr.xdrDecodeInt();
                result.stable = xdr.xdrDecodeInt() != 0;
                result.number = xdr.xdrDecodeLong();
                if (count != length || (stable && !result.stable)) {
                    throw new IOException(
                            "%s: the server must write all of it as asked but wrote %d bytes, %s"
                                    .formatted(result.call, count, result.stable ? "stable" : "not stable"));
                }
            }
        });
        result.checked();
        return new Written(result.stable, result.number);
    }

    /// Makes all that was written to the file stable, and returns the write verifier.
    static long commit(NfsConnection connection, byte[] file) throws IOException {
        var result = new Result("COMMIT");
        connection.call(COMMIT, xdr -> {
            xdr.xdrEncodeDynamicOpaque(file);
            xdr.xdrEncodeLong(0);
            xdr.xdrEncodeInt(0);
        }, xdr -> {
            boolean good = result.isGood(xdr);
            skipBeforeAndAfter(xdr);
            if (good) {
                result.number = xdr.xdrDecodeLong();
            }
        });
        return result.checked().number;
    }

    private static byte[] handle(XdrDecodingStream xdr) throws IOException {
        int length = xdr.xdrDecodeInt();
        if (length < 1 || length > MAX_HANDLE_BYTES) {
            throw new IOException(
                    "file handle: must have 1 to %d bytes but has %d".formatted(MAX_HANDLE_BYTES, length));
        }
        return xdr.xdrDecodeOpaque(length);
    }

    private static void skipAttributes(XdrDecodingStream xdr) throws IOException {
        if (xdr.xdrDecodeBoolean()) {
            xdr.xdrDecodeOpaque(ATTRIBUTES_BYTES);
        }
    }

    private static void skipBeforeAndAfter(XdrDecodingStream xdr) throws IOException {
        if (xdr.xdrDecodeBoolean()) {
            xdr.xdrDecodeOpaque(WCC_BYTES);
        }
        skipAttributes(xdr);
    }

    /// What a decoder found, handed over to the thread that made the call.
    private static final class Result {

        private final String call;
        private int status;
        private byte[] handle = {};
        private long number;
        private boolean stable;

        Result(String call) {
            this.call = call;
        }

        boolean isGood(XdrDecodingStream xdr) throws IOException {
            status = xdr.xdrDecodeInt();
            return status == 0;
        }

        Result checked() throws NfsStatusException {
            if (status != 0) {
                throw new NfsStatusException(call, status);
            }
            return this;
        }
    }
}
