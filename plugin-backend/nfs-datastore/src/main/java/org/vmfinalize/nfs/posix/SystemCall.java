package org.vmfinalize.nfs.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Links C functions so that the error number is kept: the JVM's own calls may overwrite it before Java can ask.
final class SystemCall {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /// Memory of one thread for the arguments of one call at a time.
    ///
    /// It is freed with its thread.
    static final class Scratch {

        private final Arena arena = Arena.ofAuto();
        final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
        final MemorySegment struct = arena.allocate(FileStatus.BYTES, 16);
        final MemorySegment name = arena.allocate(256);
        final MemorySegment otherName = arena.allocate(256);

        int errno() {
            return (int) ERRNO.get(state, 0L);
        }

        /// `bytes` as a C string.
        static MemorySegment put(MemorySegment target, byte[] bytes) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, bytes.length);
            target.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
            return target;
        }
    }

    private SystemCall() {}

    static Scratch scratch() {
        return SCRATCH.get();
    }

    /// The C function `name`; the handle's first argument is where the error number goes.
    @SuppressWarnings("restricted") // without native calls there is no NFS server: whoever runs it allows them
    static MethodHandle link(String name, FunctionDescriptor form, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        MemorySegment function = LINKER.defaultLookup().find(name)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "the NFS server needs Linux with the C function %s, which this system lacks"
                                .formatted(name)));
        return LINKER.downcallHandle(function, form, all);
    }
}
