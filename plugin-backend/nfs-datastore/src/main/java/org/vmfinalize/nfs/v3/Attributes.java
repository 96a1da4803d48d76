package org.vmfinalize.nfs.v3;

import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// Encodes file attributes (RFC 1813, section 2.6).
final class Attributes {

    /// Size of `fattr3` in bytes.
    static final int BYTES = 84;
    /// Largest `post_op_attr`.
    static final int POST_OP_BYTES = 4 + BYTES;
    /// Largest `wcc_data`.
    static final int WCC_BYTES = 4 + 24 + POST_OP_BYTES;

    private Attributes() {}

    /// `fattr3`.
    static void put(XdrWriter out, FileStatus status, int exportId) {
        out.putInt(type(status)).putInt(status.permissions()).putInt(status.linkCount());
        out.putInt(status.uid()).putInt(status.gid()).putLong(status.size()).putLong(status.allocated());
        out.putInt(0).putInt(0); // rdev: devices cannot be made here
        out.putLong(Integer.toUnsignedLong(exportId)).putLong(status.inode());
        putTime(out, status.accessed());
        putTime(out, status.modified());
        putTime(out, status.changed());
    }

    private static int type(FileStatus status) {
        return switch (status.type()) {
            case 0100000 -> 1; // regular
            case 0040000 -> 2; // directory
            case 0060000 -> 3; // block device
            case 0020000 -> 4; // character device
            case 0120000 -> 5; // symbolic link
            case 0140000 -> 6; // socket
            case 0010000 -> 7; // FIFO
            default -> throw new IllegalArgumentException(
                    "no file has the type 0" + Integer.toOctalString(status.type()));
        };
    }

    private static void putTime(XdrWriter out, FileStatus.Time time) {
        out.putInt((int) time.seconds()).putInt(time.nanos());
    }

    /// `post_op_attr`.
    static void putPostOp(XdrWriter out, @Nullable FileStatus status, int exportId) {
        out.putBoolean(status != null);
        if (status != null) {
            put(out, status, exportId);
        }
    }

    /// `pre_op_attr`.
    static void putPreOp(XdrWriter out, @Nullable FileStatus status) {
        out.putBoolean(status != null);
        if (status != null) {
            out.putLong(status.size());
            putTime(out, status.modified());
            putTime(out, status.changed());
        }
    }
}
