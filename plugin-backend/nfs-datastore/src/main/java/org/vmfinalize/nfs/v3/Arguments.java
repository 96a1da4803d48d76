package org.vmfinalize.nfs.v3;

import java.nio.ByteBuffer;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;

/// Decodes the data types that arguments share (RFC 1813, section 2.5 and 2.6).
final class Arguments {

    /// Longest handle that the protocol allows, in bytes.
    private static final int MAX_HANDLE = 64;
    /// Longest name that is decoded; names that are too long for a file system get a better answer than garbage.
    private static final int MAX_NAME = 4096;
    private static final int MAX_PATH = 1 << 16;
    private static final int NANOS = 1_000_000_000;

    private Arguments() {}

    /// `nfs_fh3`, copied.
    static ByteBuffer handle(XdrReader in) throws XdrException {
        byte[] bytes = in.readBytes(MAX_HANDLE);
        if (bytes.length == 0) {
            throw new XdrException("a handle must not be empty");
        }
        return ByteBuffer.wrap(bytes);
    }

    /// `filename3`.
    static byte[] name(XdrReader in) throws XdrException {
        return in.readBytes(MAX_NAME);
    }

    /// `nfspath3`, skipped.
    static void skipPath(XdrReader in) throws XdrException {
        in.readOpaque(MAX_PATH);
    }

    /// `nfstime3`.
    static FileStatus.Time time(XdrReader in) throws XdrException {
        long seconds = in.readUnsignedInt();
        long nanos = in.readUnsignedInt();
        if (nanos >= NANOS) {
            throw new XdrException("a time must have at most 999999999 nanoseconds but had " + nanos);
        }
        return new FileStatus.Time(seconds, (int) nanos);
    }

    /// `sattr3`.
    static NewAttributes attributes(XdrReader in) throws XdrException {
        int mode = in.readBoolean() ? in.readInt() & 07777 : NewAttributes.UNCHANGED;
        int uid = in.readBoolean() ? in.readInt() : NewAttributes.UNCHANGED;
        int gid = in.readBoolean() ? in.readInt() : NewAttributes.UNCHANGED;
        long size = NewAttributes.UNCHANGED;
        boolean impossibleSize = false;
        if (in.readBoolean()) {
            size = in.readLong();
            impossibleSize = size < 0;
        }
        return new NewAttributes(mode, uid, gid, size, impossibleSize, newTime(in), newTime(in));
    }

    private static FileStatus.Time newTime(XdrReader in) throws XdrException {
        return switch (in.readEnum(2)) {
            case 0 -> Posix.OMIT;
            case 1 -> Posix.NOW;
            default -> time(in);
        };
    }
}
