package org.vmfinalize.nfs.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.vmfinalize.disk.WritePieces;
import org.vmfinalize.nfs.posix.SystemCall.Scratch;

/// System calls by their own names. File descriptors are plain numbers here; [Descriptor] looks after one.
///
/// Names are single path components of at most 255 bytes without NUL; the caller has checked that. No call here follows a
/// symbolic link in its last component.
///
/// **Threads:** any number.
public final class Posix {

    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_NONBLOCK = 04000;
    public static final int O_CLOEXEC = 02000000;
    /// Only for files of the process's own user, or as root.
    public static final int O_NOATIME = 01000000;
    public static final int O_PATH = 010000000;
    public static final int O_DIRECTORY = isArm() ? 040000 : 0200000;
    public static final int O_NOFOLLOW = isArm() ? 0100000 : 0400000;

    /// What [#setTimes] is given to leave a time as it is, or to set it to now.
    public static final FileStatus.Time OMIT = new FileStatus.Time(0, (1 << 30) - 2);
    public static final FileStatus.Time NOW = new FileStatus.Time(0, (1 << 30) - 1);

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int RWF_NOWAIT = 8;
    private static final int LONGEST_LINK = 4096;
    private static final byte[] EMPTY = {};

    private static final MethodHandle OPENAT = SystemCall.link("openat",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(3));
    private static final MethodHandle CLOSE = SystemCall.link("close",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle STATX = SystemCall.link("statx",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle STATVFS = SystemCall.link("fstatvfs",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle PREAD = SystemCall.link("pread",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PREADV2 = SystemCall.link("preadv2",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle PWRITE = SystemCall.link("pwrite",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FSYNC = SystemCall.link("fsync",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FDATASYNC = SystemCall.link("fdatasync",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FTRUNCATE = SystemCall.link("ftruncate",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle FCHMOD = SystemCall.link("fchmod",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FCHOWN = SystemCall.link("fchown",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FUTIMENS = SystemCall.link("futimens",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle MKDIRAT = SystemCall.link("mkdirat",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle UNLINKAT = SystemCall.link("unlinkat",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RENAMEAT = SystemCall.link("renameat",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
    private static final MethodHandle READLINKAT = SystemCall.link("readlinkat",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle LSEEK = SystemCall.link("lseek",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETDENTS64 = SystemCall.link("syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle GETEUID = SystemCall.link("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final long GETDENTS64_NUMBER = isArm() ? 61 : 217;

    private Posix() {}

    private static boolean isArm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    /// The user of this process; 0 is root.
    public static int effectiveUser() {
        try {
            return (int) GETEUID.invokeExact(SystemCall.scratch().state);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Opens the directory at `path`, following links: only for the root of an export, which its owner has named.
    public static int openDirectory(Path path) throws PosixException {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            MemorySegment name = Scratch.put(arena.allocate(bytes.length + 1L), bytes);
            return open(AT_FDCWD, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, "open " + path);
        }
    }

    /// Opens `name` in `directory`; never through a symbolic link.
    ///
    /// @param flags of the `O_` constants; O_NOFOLLOW and O_CLOEXEC are added
    public static int openAt(int directory, byte[] name, int flags, int mode) throws PosixException {
        MemorySegment string = Scratch.put(SystemCall.scratch().name, name);
        return open(directory, string, flags | O_NOFOLLOW | O_CLOEXEC, mode, "open");
    }

    private static int open(int directory, MemorySegment name, int flags, int mode, String what)
            throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            return check((int) OPENAT.invokeExact(scratch.state, directory, name, flags, mode), scratch,
                    what);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    public static void close(int fd) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((int) CLOSE.invokeExact(scratch.state, fd), scratch, "close");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// The status of the open file `fd`.
    public static FileStatus status(int fd) throws PosixException {
        return status(fd, EMPTY, AT_EMPTY_PATH);
    }

    /// The status of `name` in `directory`; of a symbolic link itself, not of what it points to.
    public static FileStatus statusAt(int directory, byte[] name) throws PosixException {
        return status(directory, name, AT_SYMLINK_NOFOLLOW);
    }

    private static FileStatus status(int fd, byte[] name, int flags) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        MemorySegment string = Scratch.put(scratch.name, name);
        try {
            check((int) STATX.invokeExact(scratch.state, fd, string, flags, FileStatus.WANTED,
                    scratch.struct), scratch,
                    "statx");
        } catch (Throwable e) {
            throw rethrow(e);
        }
        return FileStatus.of(scratch.struct);
    }

    /// Capacity of the file system that holds the open file `fd`.
    public static FileSystemStatus fileSystemStatus(int fd) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((int) STATVFS.invokeExact(scratch.state, fd, scratch.struct), scratch, "fstatvfs");
        } catch (Throwable e) {
            throw rethrow(e);
        }
        return FileSystemStatus.of(scratch.struct);
    }

    /// Reads until `target` is full or the file ends. `target` is a direct buffer.
    public static void read(int fd, ByteBuffer target, long position) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        long at = position;
        while (target.hasRemaining()) {
            MemorySegment memory = MemorySegment.ofBuffer(target);
            try {
                int count = (int) check(
                        (long) PREAD.invokeExact(scratch.state, fd, memory, memory.byteSize(), at), scratch,
                        "pread");
                if (count == 0) {
                    return;
                }
                target.position(target.position() + count);
                at += count;
            } catch (Throwable e) {
                rethrowUnlessInterrupted(e);
            }
        }
    }

    /// Reads what is in the page cache, into a direct buffer. Less than asked for means that the device would have to be
    /// read, or that the file ends.
    public static void readCached(int fd, ByteBuffer target, long position) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        MemorySegment memory = MemorySegment.ofBuffer(target);
        scratch.struct.set(JAVA_LONG, 0, memory.address());
        scratch.struct.set(JAVA_LONG, 8, memory.byteSize());
        try {
            long count = (long) PREADV2.invokeExact(scratch.state, fd, scratch.struct, 1, position,
                    RWF_NOWAIT);
            if (count < 0) {
                int errno = scratch.errno();
                if (errno == Errno.EAGAIN) {
                    return;
                }
                throw new PosixException("preadv2", errno);
            }
            target.position(target.position() + (int) count);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Writes all of `source`, a direct buffer, in [WritePieces].
    public static void write(int fd, ByteBuffer source, long position) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        long at = position;
        while (source.hasRemaining()) {
            MemorySegment memory = MemorySegment.ofBuffer(source);
            long piece = WritePieces.first(at, source.remaining());
            try {
                int count = (int) check(
                        (long) PWRITE.invokeExact(scratch.state, fd, memory, piece, at), scratch, "pwrite");
                source.position(source.position() + count);
                at += count;
            } catch (Throwable e) {
                rethrowUnlessInterrupted(e);
            }
        }
    }

    /// Makes data and all metadata durable.
    public static void sync(int fd) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((int) FSYNC.invokeExact(scratch.state, fd), scratch, "fsync");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Makes data durable, and the metadata without which they could not be read.
    public static void syncData(int fd) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((int) FDATASYNC.invokeExact(scratch.state, fd), scratch, "fdatasync");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    public static void setSize(int fd, long size) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((int) FTRUNCATE.invokeExact(scratch.state, fd, size), scratch, "ftruncate");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    public static void setMode(int fd, int permissions) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((int) FCHMOD.invokeExact(scratch.state, fd, permissions), scratch, "fchmod");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Changes user and group; -1 leaves one as it is.
    public static void setOwner(int fd, int uid, int gid) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((int) FCHOWN.invokeExact(scratch.state, fd, uid, gid), scratch, "fchown");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Changes the times of last access and modification; see [#OMIT] and [#NOW].
    public static void setTimes(int fd, FileStatus.Time accessed, FileStatus.Time modified)
            throws PosixException {
        Scratch scratch = SystemCall.scratch();
        scratch.struct.set(JAVA_LONG, 0, accessed.seconds());
        scratch.struct.set(JAVA_LONG, 8, accessed.nanos());
        scratch.struct.set(JAVA_LONG, 16, modified.seconds());
        scratch.struct.set(JAVA_LONG, 24, modified.nanos());
        try {
            check((int) FUTIMENS.invokeExact(scratch.state, fd, scratch.struct), scratch, "futimens");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    public static void makeDirectory(int directory, byte[] name, int mode) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        MemorySegment string = Scratch.put(scratch.name, name);
        try {
            check((int) MKDIRAT.invokeExact(scratch.state, directory, string, mode), scratch, "mkdirat");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Removes a name that is no directory.
    public static void unlink(int directory, byte[] name) throws PosixException {
        unlink(directory, name, 0);
    }

    /// Removes an empty directory.
    public static void removeDirectory(int directory, byte[] name) throws PosixException {
        unlink(directory, name, AT_REMOVEDIR);
    }

    private static void unlink(int directory, byte[] name, int flags) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        MemorySegment string = Scratch.put(scratch.name, name);
        try {
            check((int) UNLINKAT.invokeExact(scratch.state, directory, string, flags), scratch, "unlinkat");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Renames, replacing what has the new name.
    public static void rename(int fromDirectory, byte[] from, int toDirectory, byte[] to)
            throws PosixException {
        Scratch scratch = SystemCall.scratch();
        MemorySegment fromString = Scratch.put(scratch.name, from);
        MemorySegment toString = Scratch.put(scratch.otherName, to);
        try {
            check((int) RENAMEAT.invokeExact(scratch.state, fromDirectory, fromString, toDirectory, toString),
                    scratch,
                    "renameat");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// The text of the symbolic link that `fd` was opened on (with O_PATH).
    public static byte[] readLink(int fd) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        MemorySegment empty = Scratch.put(scratch.name, EMPTY);
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST_LINK);
            long length = check(
                    (long) READLINKAT.invokeExact(scratch.state, fd, empty, text, text.byteSize()), scratch,
                    "readlinkat");
            return text.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Moves the reading position of a directory to a cookie of [DirectoryReader].
    static void seekDirectory(int fd, long cookie) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            check((long) LSEEK.invokeExact(scratch.state, fd, cookie, 0), scratch, "lseek");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /// Fills `target` with whole `struct linux_dirent64` and says how many bytes they take; 0 at the end.
    static int readDirectory(int fd, MemorySegment target) throws PosixException {
        Scratch scratch = SystemCall.scratch();
        try {
            return (int) check(
                    (long) GETDENTS64.invokeExact(scratch.state, GETDENTS64_NUMBER, fd, target,
                            target.byteSize()),
                    scratch, "getdents64");
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static int check(int result, Scratch scratch, String operation) throws PosixException {
        return (int) check((long) result, scratch, operation);
    }

    private static long check(long result, Scratch scratch, String operation) throws PosixException {
        if (result < 0) {
            throw new PosixException(operation, scratch.errno());
        }
        return result;
    }

    private static void rethrowUnlessInterrupted(Throwable e) throws PosixException {
        if (!(e instanceof PosixException failure && failure.errno() == Errno.EINTR)) {
            throw rethrow(e);
        }
    }

    /// A method handle may throw anything; what our own code throws is a [PosixException].
    private static RuntimeException rethrow(Throwable e) throws PosixException {
        switch (e) {
            case PosixException failure -> throw failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            default -> throw new IllegalStateException(e);
        }
    }
}
