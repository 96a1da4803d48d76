package org.vmfinalize.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the JDK's file channel cannot do: punch holes, reserve space and find holes.
///
/// It has a descriptor of its own for the file, which is closed when nobody holds this object any more. Where the
/// operating system or the file system lacks a call, the method says so and the caller finds another way.
final class SparseFile {

    private static final int KEEP_SIZE = 0x01;
    private static final int PUNCH_HOLE = 0x02;
    private static final int ZERO_RANGE = 0x10;
    private static final int SYNC_RANGE_WRITE = 0x02;
    private static final int FADV_DONTNEED = 4;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;

    private static final int EINTR = 4;
    private static final int ENXIO = 6;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final @Nullable Calls CALLS = Calls.find();

    private final Path file;
    private final Calls calls;
    private final int descriptor;
    private final Cleaner.Cleanable closing;

    private SparseFile(Path file, Calls calls, int descriptor) {
        this.file = file;
        this.calls = calls;
        this.descriptor = descriptor;
        this.closing = CLEANER.register(this, () -> calls.close(descriptor));
    }

    /// Opens a file that exists; null where the operating system has no such calls.
    static @Nullable SparseFile open(Path file) throws IOException {
        return open(file, O_RDWR);
    }

    /// The same for a file that is only asked where its holes are.
    static @Nullable SparseFile openToRead(Path file) throws IOException {
        return open(file, O_RDONLY);
    }

    private static @Nullable SparseFile open(Path file, int access) throws IOException {
        if (CALLS == null) {
            return null;
        }
        try (var arena = Arena.ofConfined()) {
            var errno = arena.allocate(Calls.STATE);
            int descriptor = CALLS.open(errno, arena.allocateFrom(file.toString()), access | O_CLOEXEC);
            if (descriptor < 0) {
                throw new IOException("%s: cannot be opened (errno %d)".formatted(file, Calls.errno(errno)));
            }
            return new SparseFile(file, CALLS, descriptor);
        }
    }

    void close() {
        closing.clean();
    }

    /// Gives a range's space back, so that it reads as zeros.
    ///
    /// @return false if the file system cannot
    boolean punch(long position, long length) throws IOException {
        return allocate(PUNCH_HOLE | KEEP_SIZE, position, length);
    }

    /// Makes a range read as zeros and keeps its space.
    ///
    /// @return false if the file system cannot
    boolean zeroRange(long position, long length) throws IOException {
        return allocate(ZERO_RANGE | KEEP_SIZE, position, length);
    }

    /// Reserves space.
    ///
    /// @return false if the file system cannot
    boolean reserve(long position, long length) throws IOException {
        return allocate(KEEP_SIZE, position, length);
    }

    private boolean allocate(int mode, long position, long length) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Calls.STATE);
            while (calls.fallocate(state, descriptor, mode, position, length) != 0) {
                int errno = Calls.errno(state);
                if (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL) {
                    return false;
                }
                if (errno != EINTR) {
                    throw failure("fallocate", errno);
                }
            }
            return true;
        }
    }

    /// Has the system begin to store a range. What fails is told by the next force of the file, so it is ignored here.
    void beginStoring(long position, long length) {
        try (var arena = Arena.ofConfined()) {
            var _ = calls.syncRange(arena.allocate(Calls.STATE), descriptor, position, length,
                    SYNC_RANGE_WRITE);
        }
    }

    /// Has the system forget what it has in memory of the file, but not what is still to be stored. It is free not to.
    void dropCached() {
        var _ = calls.advise(descriptor, 0, 0, FADV_DONTNEED);
    }

    long nextData(long position, long end) throws IOException {
        return seek(SEEK_DATA, position, end, position);
    }

    long nextHole(long position, long end) throws IOException {
        return seek(SEEK_HOLE, position, end, end);
    }

    private long seek(int whence, long position, long end, long unsupported) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Calls.STATE);
            long found = calls.lseek(state, descriptor, position, whence);
            if (found >= 0) {
                return Math.min(found, end);
            }
            int errno = Calls.errno(state);
            if (errno == ENXIO) {
                return end;
            }
            if (errno == EINVAL || errno == EOPNOTSUPP) {
                return unsupported;
            }
            throw failure("lseek", errno);
        }
    }

    private IOException failure(String call, int errno) {
        var failure = new IOException("%s: %s failed with errno %d".formatted(file, call, errno));
        if (errno == ENOSPC || errno == EDQUOT) {
            return new NoSpaceException("%s: the datastore is full; free space on it".formatted(file),
                    failure);
        }
        return failure;
    }

    /// The C library's functions.
    private record Calls(MethodHandle openHandle, MethodHandle closeHandle, MethodHandle fallocateHandle,
            MethodHandle lseekHandle, MethodHandle syncRangeHandle, MethodHandle adviseHandle) {

        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        private static final long ERRNO_OFFSET = STATE
                .byteOffset(MemoryLayout.PathElement.groupElement("errno"));

        @SuppressWarnings("restricted")
        static @Nullable Calls find() {
            // Constants and errno values above are Linux's.
            if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
                return null;
            }
            var linker = Linker.nativeLinker();
            SymbolLookup lookup = linker.defaultLookup();
            var errno = Linker.Option.captureCallState("errno");
            var i = ValueLayout.JAVA_INT;
            var l = ValueLayout.JAVA_LONG;
            var open = lookup.find("open");
            var close = lookup.find("close");
            var fallocate = lookup.find("fallocate");
            var lseek = lookup.find("lseek");
            var syncRange = lookup.find("sync_file_range");
            var advise = lookup.find("posix_fadvise");
            if (open.isEmpty() || close.isEmpty() || fallocate.isEmpty() || lseek.isEmpty()
                    || syncRange.isEmpty() || advise.isEmpty()) {
                return null;
            }
            return new Calls(
                    linker.downcallHandle(open.get(), FunctionDescriptor.of(i, ValueLayout.ADDRESS, i), errno,
                            Linker.Option.firstVariadicArg(2)),
                    linker.downcallHandle(close.get(), FunctionDescriptor.of(i, i)),
                    linker.downcallHandle(fallocate.get(), FunctionDescriptor.of(i, i, i, l, l), errno),
                    linker.downcallHandle(lseek.get(), FunctionDescriptor.of(l, i, l, i), errno),
                    linker.downcallHandle(syncRange.get(), FunctionDescriptor.of(i, i, l, l, i), errno),
                    linker.downcallHandle(advise.get(), FunctionDescriptor.of(i, i, l, l, i)));
        }

        static int errno(MemorySegment state) {
            return state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
        }

        int open(MemorySegment state, MemorySegment path, int flags) {
            try {
                return (int) openHandle.invokeExact(state, path, flags);
            } catch (Throwable e) {
                throw impossible(e);
            }
        }

        void close(int descriptor) {
            try {
                var _ = (int) closeHandle.invokeExact(descriptor);
            } catch (Throwable e) {
                throw impossible(e);
            }
        }

        int fallocate(MemorySegment state, int descriptor, int mode, long position, long length) {
            try {
                return (int) fallocateHandle.invokeExact(state, descriptor, mode, position, length);
            } catch (Throwable e) {
                throw impossible(e);
            }
        }

        int syncRange(MemorySegment state, int descriptor, long position, long length, int flags) {
            try {
                return (int) syncRangeHandle.invokeExact(state, descriptor, position, length, flags);
            } catch (Throwable e) {
                throw impossible(e);
            }
        }

        int advise(int descriptor, long position, long length, int advice) {
            try {
                return (int) adviseHandle.invokeExact(descriptor, position, length, advice);
            } catch (Throwable e) {
                throw impossible(e);
            }
        }

        long lseek(MemorySegment state, int descriptor, long position, int whence) {
            try {
                return (long) lseekHandle.invokeExact(state, descriptor, position, whence);
            } catch (Throwable e) {
                throw impossible(e);
            }
        }

        /// A call into C throws nothing but what says that the handle was used wrongly.
        private static AssertionError impossible(Throwable e) {
            return new AssertionError("a call of the C library cannot throw", e);
        }
    }
}
