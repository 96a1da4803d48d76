package org.vmfinalize.hydration;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// Makes a thread give way to others who are woken and want a processor.
///
/// Linux takes a thread of the policy SCHED_BATCH for one that computes (sched(7)): it has its full share of the
/// processors, but does not keep those waiting who serve a guest. Java's own priorities have no effect there without
/// privileges.
final class BackgroundPriority {

    private static final int CALLING_THREAD = 0;
    private static final int SCHED_BATCH = 3;

    private BackgroundPriority() {}

    /// Puts the calling thread in the background for good, where the system can.
    @SuppressWarnings("restricted")
    static void take() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return;
        }
        var linker = Linker.nativeLinker();
        var i = ValueLayout.JAVA_INT;
        linker.defaultLookup().find("sched_setscheduler").ifPresent(function -> {
            try (var arena = Arena.ofConfined()) {
                var call = linker.downcallHandle(function,
                        FunctionDescriptor.of(i, i, i, ValueLayout.ADDRESS));
                // struct sched_param has one number, which must be 0. Should it fail, nothing depends on it.
                var _ = (int) call.invokeExact(CALLING_THREAD, SCHED_BATCH, arena.allocate(i));
            } catch (Throwable e) {
                throw new AssertionError("a call of the C library cannot throw", e);
            }
        });
    }
}
