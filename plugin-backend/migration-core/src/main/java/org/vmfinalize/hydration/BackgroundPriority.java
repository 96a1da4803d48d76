package org.vmfinalize.hydration;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/// Makes a thread give way to others who are woken and want a processor.
///
/// Linux takes a thread of the policy SCHED_BATCH for one that computes (sched(7)): it has its full share of the
/// processors, but does not keep those waiting who serve a guest. Java's own priorities have no effect there without
/// privileges.
final class BackgroundPriority {

    private static final int CALLING_THREAD = 0;
    private static final int SCHED_BATCH = 3;

    /// Made once: making it costs a server that was just started more than calling it ever does.
    private static final Optional<MethodHandle> SET_SCHEDULER = find();

    private BackgroundPriority() {}

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> find() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return Optional.empty();
        }
        var linker = Linker.nativeLinker();
        var i = ValueLayout.JAVA_INT;
        return linker.defaultLookup().find("sched_setscheduler")
                .map(function -> linker.downcallHandle(function,
                        FunctionDescriptor.of(i, i, i, ValueLayout.ADDRESS)));
    }

    /// Puts the calling thread in the background for good, where the system can.
    static void take() {
        if (SET_SCHEDULER.isEmpty()) {
            return;
        }
        try (var arena = Arena.ofConfined()) {
            // struct sched_param has one number, which must be 0. Should it fail, nothing depends on it.
            var _ = (int) SET_SCHEDULER.get().invokeExact(CALLING_THREAD, SCHED_BATCH,
                    arena.allocate(ValueLayout.JAVA_INT));
        } catch (Throwable e) {
            throw new AssertionError("a call of the C library cannot throw", e);
        }
    }
}
