package org.vmfinalize.hydration;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// Makes a thread give way to others who want a processor.
///
/// Linux gives each thread a nice value of its own (setpriority(2), "C library/kernel differences"); Java's own priorities
/// have no effect there without privileges.
final class BackgroundPriority {

    private static final int OF_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    /// A tenth of what those who serve guests get when both want a processor, and these are woken at once.
    private static final int NICE = 10;

    private BackgroundPriority() {}

    /// Lowers the calling thread's priority for good, where the system can.
    @SuppressWarnings("restricted")
    static void take() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return;
        }
        var linker = Linker.nativeLinker();
        var i = ValueLayout.JAVA_INT;
        linker.defaultLookup().find("setpriority").ifPresent(function -> {
            try {
                // Should it fail, the thread is as quick as others: nothing depends on it.
                var _ = (int) linker.downcallHandle(function, FunctionDescriptor.of(i, i, i, i))
                        .invokeExact(OF_PROCESS, CALLING_THREAD, NICE);
            } catch (Throwable e) {
                throw new AssertionError("a call of the C library cannot throw", e);
            }
        });
    }
}
