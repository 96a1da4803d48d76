package org.vmfinalize.disk;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Functions of the C library that the JDK has no method for. They are Linux's, and there where it is.
record CLibrary(MethodHandle openHandle, MethodHandle closeHandle, MethodHandle fallocateHandle,
        MethodHandle lseekHandle, MethodHandle syncRangeHandle, MethodHandle adviseHandle) {

    /// Null where there is no Linux.
    static final @Nullable CLibrary INSTANCE = find();

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;

    static final int EINTR = 4;
    static final int ENOSPC = 28;
    static final int EDQUOT = 122;

    static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = STATE
            .byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    @SuppressWarnings("restricted")
    private static @Nullable CLibrary find() {
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
        return new CLibrary(
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

    /// A failed call as an exception; one for want of space is a [NoSpaceException].
    static IOException failure(Path file, String call, int errno) {
        var failure = new IOException("%s: %s failed with errno %d".formatted(file, call, errno));
        if (errno == ENOSPC || errno == EDQUOT) {
            return new NoSpaceException("%s: the datastore is full; free space on it".formatted(file),
                    failure);
        }
        return failure;
    }

    /// A call into C throws nothing but what says that the handle was used wrongly.
    private static AssertionError impossible(Throwable e) {
        return new AssertionError("a call of the C library cannot throw", e);
    }
}
