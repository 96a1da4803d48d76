package org.vmfinalize.places.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A Linux file descriptor, open for asking where its file has holes: `open(2)`, `lseek(2)`, `close(2)`.
///
/// **Threads:** any number. A call that comes after [#close()] fails, and never reaches a descriptor that the system has
/// since given to somebody else.
final class Descriptor implements Closeable {

    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int ENXIO = 6;

    private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

    private final int number;

    @GuardedBy("this")
    private boolean closed;

    private Descriptor(int number) {
        this.number = number;
    }

    /// Opens `file` for reading; empty on another system than Linux, and when the call fails.
    static Optional<Descriptor> open(Path file) {
        if (!LINUX) {
            return Optional.empty();
        }
        try (var arena = Arena.ofConfined()) {
            int number = (int) Calls.OPEN.invokeExact(arena.allocateFrom(file.toString()),
                    O_RDONLY | O_CLOEXEC);
            return number < 0 ? Optional.empty() : Optional.of(new Descriptor(number));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// A path that leads to the very file that this descriptor has open, whatever has become of its name.
    Path path() {
        return Path.of("/proc/self/fd/" + number);
    }

    /// The first byte at or after `position` that is not in a hole; `ifNone` if there is none.
    long nextData(long position, long ifNone) throws IOException {
        return seek(position, SEEK_DATA, ifNone);
    }

    /// The file's length now.
    long size() throws IOException {
        return Files.size(path());
    }

    /// The first byte at or after `position` that is in a hole; the file's end is the start of one.
    long nextHole(long position, long ifNone) throws IOException {
        return seek(position, SEEK_HOLE, ifNone);
    }

    private synchronized long seek(long position, int whence, long ifNone) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        try (var arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long found = (long) Calls.LSEEK.invokeExact(state, number, position, whence);
            if (found >= 0) {
                return found;
            }
            int errno = (int) ERRNO.get(state, 0L);
            if (errno == ENXIO) {
                return ifNone;
            }
            throw new IOException("looking for holes failed with error number " + errno);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            // A descriptor that was only read from has nothing left to write, so its result tells nothing.
            int _ = (int) Calls.CLOSE.invokeExact(number);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a system call through the foreign-function interface threw", e);
    }

    /// Looked up at the first use, so that other systems never look.
    private static final class Calls {

        static final MethodHandle OPEN = call("open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        static final MethodHandle LSEEK = call("lseek", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState("errno"));
        static final MethodHandle CLOSE = call("close",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        // The signatures are those of the manual pages; nothing else is called through this.
        @SuppressWarnings("restricted")
        private static MethodHandle call(String name, FunctionDescriptor types, Linker.Option... options) {
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), types, options);
        }
    }
}
