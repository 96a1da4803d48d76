package org.vmfinalize.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the JDK's file channel cannot do: punch holes, reserve space and find holes.
///
/// It has a descriptor of its own for the file, which is closed when nobody holds this object any more. Where the
/// operating system or the file system lacks a call, the method says so and the caller finds another way.
final class SparseFile {

    private static final int KEEP_SIZE = 0x01;
    private static final int PUNCH_HOLE = 0x02;
    private static final int ZERO_RANGE = 0x10;
    private static final int SYNC_RANGE_WAIT_BEFORE = 0x01;
    private static final int SYNC_RANGE_WRITE = 0x02;
    private static final int SYNC_RANGE_WAIT_AFTER = 0x04;
    private static final int FADV_DONTNEED = 4;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final int ENXIO = 6;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    private static final Cleaner CLEANER = Cleaner.create();

    private final Path file;
    private final CLibrary calls;
    private final int descriptor;
    private final Cleaner.Cleanable closing;

    private SparseFile(Path file, CLibrary calls, int descriptor) {
        this.file = file;
        this.calls = calls;
        this.descriptor = descriptor;
        this.closing = CLEANER.register(this, () -> calls.close(descriptor));
    }

    /// Opens a file that exists; null where the operating system has no such calls.
    static @Nullable SparseFile open(Path file) throws IOException {
        return open(file, CLibrary.O_RDWR);
    }

    /// The same for a file that is only asked where its holes are.
    static @Nullable SparseFile openToRead(Path file) throws IOException {
        return open(file, CLibrary.O_RDONLY);
    }

    private static @Nullable SparseFile open(Path file, int access) throws IOException {
        if (CLibrary.INSTANCE == null) {
            return null;
        }
        try (var arena = Arena.ofConfined()) {
            var errno = arena.allocate(CLibrary.STATE);
            int descriptor = CLibrary.INSTANCE.open(errno, arena.allocateFrom(file.toString()),
                    access | CLibrary.O_CLOEXEC);
            if (descriptor < 0) {
                throw new IOException(
                        "%s: cannot be opened (errno %d)".formatted(file, CLibrary.errno(errno)));
            }
            return new SparseFile(file, CLibrary.INSTANCE, descriptor);
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
            var state = arena.allocate(CLibrary.STATE);
            while (calls.fallocate(state, descriptor, mode, position, length) != 0) {
                int errno = CLibrary.errno(state);
                if (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL) {
                    return false;
                }
                if (errno != CLibrary.EINTR) {
                    throw CLibrary.failure(file, "fallocate", errno);
                }
            }
            return true;
        }
    }

    /// Has the system begin to store a range. What fails is told by the next force of the file, so it is ignored here.
    void beginStoring(long position, long length) {
        try (var arena = Arena.ofConfined()) {
            var _ = calls.syncRange(arena.allocate(CLibrary.STATE), descriptor, position, length,
                    SYNC_RANGE_WRITE);
        }
    }

    /// Waits until a range is stored, and has the system forget what it has of it in memory, unless it could not be stored.
    /// That is told by the next force of the file, since each descriptor is told of errors, and this one is nobody else's.
    void storeAndForget(long position, long length) {
        int failed;
        try (var arena = Arena.ofConfined()) {
            failed = calls.syncRange(arena.allocate(CLibrary.STATE), descriptor, position, length,
                    SYNC_RANGE_WAIT_BEFORE | SYNC_RANGE_WRITE | SYNC_RANGE_WAIT_AFTER);
        }
        if (failed == 0) {
            var _ = calls.advise(descriptor, position, length, FADV_DONTNEED);
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
            var state = arena.allocate(CLibrary.STATE);
            long found = calls.lseek(state, descriptor, position, whence);
            if (found >= 0) {
                return Math.min(found, end);
            }
            int errno = CLibrary.errno(state);
            if (errno == ENXIO) {
                return end;
            }
            if (errno == EINVAL || errno == EOPNOTSUPP) {
                return unsupported;
            }
            throw CLibrary.failure(file, "lseek", errno);
        }
    }
}
