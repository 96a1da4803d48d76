package org.vmfinalize.lab;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A finalization, as the plugin server's REST API tells.
record FinalizationStatus(String id, String state, @Nullable String pauseReason, @Nullable String failure,
        long doneBytes, long totalBytes, long bytesPerSecond, @Nullable Long secondsLeft, long hydratedBytes,
        long guestWrittenBytes, @Nullable String startedAt, @Nullable String endedAt) {

    private static final Set<String> FINAL_STATES = Set.of("completed", "cancelled", "failed");

    boolean isFinal() {
        return FINAL_STATES.contains(state);
    }

    boolean isCompleted() {
        return state.equals("completed");
    }
}
