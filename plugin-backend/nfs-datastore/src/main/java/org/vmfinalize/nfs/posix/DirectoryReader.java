package org.vmfinalize.nfs.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Reads the entries of a directory from a cookie on.
///
/// Cookies are the file system's own: they stay valid while other entries come and go, and across restarts.
///
/// **Threads:** one at a time.
public final class DirectoryReader implements AutoCloseable {

    /// One entry; `.` and `..` come too.
    public static final class Entry {

        private final long cookie;
        private final byte[] name;

        private Entry(long cookie, byte[] name) {
            this.cookie = cookie;
            this.name = name;
        }

        /// Names the place behind this entry.
        public long cookie() {
            return cookie;
        }

        /// Not empty. To be read only.
        public byte[] name() {
            return name;
        }
    }

    // struct linux_dirent64 { u64 d_ino; s64 d_off; u16 d_reclen; u8 d_type; char d_name[]; }
    private static final int COOKIE_OFFSET = 8;
    private static final int LENGTH_OFFSET = 16;
    private static final int NAME_OFFSET = 19;
    private static final int BUFFER_BYTES = 32 << 10;
    private static final byte[] SELF = {'.'};

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final int fd;
    private int position;
    private int end;

    private DirectoryReader(int fd) {
        this.fd = fd;
    }

    /// Begins behind the entry with `cookie`, or at the first one with 0.
    ///
    /// The directory is opened once more, since the place in it belongs to a descriptor.
    ///
    /// @throws PosixException with EINVAL if no entry can have such a cookie
    public static DirectoryReader open(int directory, long cookie) throws PosixException {
        DirectoryReader reader = new DirectoryReader(
                Posix.openAt(directory, SELF, Posix.O_RDONLY | Posix.O_DIRECTORY, 0));
        try {
            Posix.seekDirectory(reader.fd, cookie);
            return reader;
        } catch (PosixException e) {
            reader.close();
            throw e;
        }
    }

    /// Whether there is one more entry.
    public boolean hasNext() throws PosixException {
        if (position == end) {
            position = 0;
            end = Posix.readDirectory(fd, buffer);
        }
        return position < end;
    }

    /// The next entry; [#hasNext()] has said that there is one.
    public Entry next() {
        MemorySegment entry = buffer.asSlice(position);
        int length = Short.toUnsignedInt(entry.get(ValueLayout.JAVA_SHORT_UNALIGNED, LENGTH_OFFSET));
        position += length;
        byte[] padded = entry.asSlice(NAME_OFFSET, length - NAME_OFFSET).toArray(ValueLayout.JAVA_BYTE);
        int nameLength = 0;
        while (nameLength < padded.length && padded[nameLength] != 0) {
            nameLength++;
        }
        return new Entry(entry.get(ValueLayout.JAVA_LONG_UNALIGNED, COOKIE_OFFSET),
                Arrays.copyOf(padded, nameLength));
    }

    @Override
    public void close() throws PosixException {
        arena.close();
        Posix.close(fd);
    }
}
