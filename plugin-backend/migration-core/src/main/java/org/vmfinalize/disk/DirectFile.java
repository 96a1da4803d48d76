package org.vmfinalize.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file that is written past the system's page cache (`O_DIRECT`).
///
/// It has a descriptor of its own, which is closed when nobody holds this object any more.
final class DirectFile {

    /// Addresses, positions and lengths are multiples of it; no device and no file system below asks for more.
    static final int UNIT = 4096;

    /// File systems which keep such writes and the page cache the same: while one is under way no other thread can write
    /// into the cache, before it what the cache has of its range is stored, and after it dropped.
    private static final Set<String> TYPES = Set.of("ext4", "xfs");

    /// Of x86-64 and of 64-bit ARM.
    private static final int O_DIRECT = System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;

    private static final Cleaner CLEANER = Cleaner.create();

    private final Path file;
    private final CLibrary calls;
    private final int descriptor;
    private final Cleaner.Cleanable closing;

    private DirectFile(Path file, CLibrary calls, int descriptor) {
        this.file = file;
        this.calls = calls;
        this.descriptor = descriptor;
        this.closing = CLEANER.register(this, () -> calls.close(descriptor));
    }

    /// Opens a file that exists; null where the operating system or the file system has nothing to offer.
    static @Nullable DirectFile open(Path file) throws IOException {
        var calls = CLibrary.INSTANCE;
        if (calls == null || !TYPES.contains(Files.getFileStore(file).type())) {
            return null;
        }
        try (var arena = Arena.ofConfined()) {
            int flags = CLibrary.O_WRONLY | O_DIRECT | CLibrary.O_CLOEXEC;
            int descriptor = calls.open(arena.allocate(CLibrary.STATE), arena.allocateFrom(file.toString()),
                    flags);
            return descriptor < 0 ? null : new DirectFile(file, calls, descriptor);
        }
    }

    /// Whether [#write] takes it.
    static boolean takes(ByteBuffer source, long position) {
        return source.isDirect() && (position | source.remaining()) % UNIT == 0
                && MemorySegment.ofBuffer(source).address() % UNIT == 0;
    }

    /// Writes some of what [#takes] has found good, and moves its position.
    void write(ByteBuffer source, long position) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(CLibrary.STATE);
            long count = calls.pwrite(state, descriptor, MemorySegment.ofBuffer(source), source.remaining(),
                    position);
            if (count >= 0) {
                source.position(source.position() + (int) count);
            } else if (CLibrary.errno(state) != CLibrary.EINTR) {
                throw CLibrary.failure(file, "pwrite", CLibrary.errno(state));
            }
        }
    }

    void close() {
        closing.clean();
    }
}
