package org.vmfinalize.nfs.export;

import java.nio.ByteBuffer;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// What a client keeps to name a file. The same for the life of the file, and never reused for another one.
///
///     offset  bytes  meaning
///          0      4  magic, "VFH1"
///          4      4  export: CRC-32C of its path
///          8      8  inode's number, which clients also see as the file id
///         16      8  generation: birth time of the inode in nanoseconds since 1970, 0 if the file system has none
///
/// ESXi takes at most 56 bytes. A handle is no secret: each use is checked against the client's address, and a file that
/// clients must not see is not found by its numbers either.
///
/// @param export [Exports#idOf(String)] of the export's path
public record FileHandle(int export, long inode, long generation) {

    /// Size of a handle.
    public static final int BYTES = 24;

    private static final int MAGIC = 0x56464831;
    private static final long NANOS = 1_000_000_000;

    static FileHandle of(int export, FileStatus status) {
        return new FileHandle(export, status.inode(), generation(status));
    }

    static long generation(FileStatus status) {
        return status.birth().seconds() * NANOS + status.birth().nanos();
    }

    /// Decodes the bytes between position and limit.
    ///
    /// @throws NfsException BADHANDLE if they are no handle of this server
    public static FileHandle decode(ByteBuffer bytes) throws NfsException {
        int at = bytes.position();
        if (bytes.remaining() != BYTES || bytes.getInt(at) != MAGIC) {
            throw new NfsException(NfsStatus.BADHANDLE);
        }
        return new FileHandle(bytes.getInt(at + 4), bytes.getLong(at + 8), bytes.getLong(at + 16));
    }

    /// Writes the handle as `opaque<>`.
    public void encode(XdrWriter out) {
        out.putInt(BYTES).putInt(MAGIC).putInt(export).putLong(inode).putLong(generation);
    }
}
