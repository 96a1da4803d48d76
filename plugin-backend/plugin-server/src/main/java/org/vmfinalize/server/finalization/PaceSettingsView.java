package org.vmfinalize.server.finalization;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.hydration.PaceSettings;

/// How fast a finalization may be, as it was set. See [PaceRequest].
///
/// @param bytesPerSecond 0: no limit
/// @param latencyGoalMillis none: automatic
record PaceSettingsView(long bytesPerSecond, @Nullable Long latencyGoalMillis, String priority) {

    static PaceSettingsView of(PaceSettings pace) {
        return new PaceSettingsView(pace.bytesPerSecond(),
                pace.latencyGoal().map(Duration::toMillis).orElse(null), pace.priority().text());
    }

    /// Its entity tag, with quotes: strong, since the same settings have the same bytes.
    String tag() {
        return "\"%d-%s-%s\"".formatted(bytesPerSecond,
                latencyGoalMillis == null ? "auto" : latencyGoalMillis,
                priority);
    }
}
