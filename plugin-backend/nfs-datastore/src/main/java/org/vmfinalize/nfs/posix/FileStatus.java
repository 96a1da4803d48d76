package org.vmfinalize.nfs.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What `statx(2)` tells about a file.
///
/// @param mode type and permission bits, as in `st_mode`
/// @param inode its number within the mount
/// @param mountId tells mounts apart: a file of another mount below a directory has another one
/// @param size in bytes
/// @param allocated bytes that the file takes on the device; less than `size` for a sparse file
/// @param birth when the inode was made: with the inode's number it names one file for all time; [Time#NONE] if the
///        file system does not keep it
public record FileStatus(
        int mode,
        int linkCount,
        int uid,
        int gid,
        long inode,
        long mountId,
        long size,
        long allocated,
        Time accessed,
        Time modified,
        Time changed,
        Time birth) {

    /// A point in time, in seconds and nanoseconds since 1970.
    public record Time(long seconds, int nanos) {

        public static final Time NONE = new Time(0, 0);

        /// Now, by the system's clock.
        public static Time now() {
            var now = java.time.Instant.now();
            return new Time(now.getEpochSecond(), now.getNano());
        }
    }

    /// Size of the kernel's structure.
    static final int BYTES = 256;
    static final int WANTED = 0x7ff | 0x800 | 0x1000; // basic, birth time, mount id

    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int BIRTH = 0x800;
    private static final int SECTOR = 512;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /// Decodes `struct statx`, which has the same form on all architectures.
    static FileStatus of(MemorySegment statx) {
        boolean hasBirth = (statx.get(INT, 0) & BIRTH) != 0;
        return new FileStatus(Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT_UNALIGNED, 28)),
                statx.get(INT, 16),
                statx.get(INT, 20), statx.get(INT, 24), statx.get(LONG, 32), statx.get(LONG, 144),
                statx.get(LONG, 40),
                statx.get(LONG, 48) * SECTOR, time(statx, 64), time(statx, 112), time(statx, 96),
                hasBirth ? time(statx, 80) : Time.NONE);
    }

    private static Time time(MemorySegment statx, int offset) {
        return new Time(statx.get(LONG, offset), statx.get(INT, offset + 8));
    }

    public boolean isRegular() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    public boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    public boolean isSymbolicLink() {
        return (mode & TYPE_MASK) == SYMBOLIC_LINK;
    }

    /// The type alone, as in `st_mode & S_IFMT`.
    public int type() {
        return mode & TYPE_MASK;
    }

    /// Permission, set-id and sticky bits.
    public int permissions() {
        return mode & 07777;
    }

    /// This status with other times of change: what a client shall see of a file that is also changed by the server itself.
    public FileStatus withTimes(Time otherModified, Time otherChanged) {
        return new FileStatus(mode, linkCount, uid, gid, inode, mountId, size, allocated, accessed,
                otherModified,
                otherChanged, birth);
    }
}
