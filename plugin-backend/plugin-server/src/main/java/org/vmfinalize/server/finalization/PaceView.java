package org.vmfinalize.server.finalization;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.hydration.LimitedBy;
import org.vmfinalize.hydration.PaceSettings;

/// How fast a finalization may be, as the API shows it.
///
/// @param bytesPerSecond the limit for reading the backup; 0: none
/// @param latencyGoalMillis how long the guest may wait for 99 of 100 requests; none: automatic
/// @param priority `low`, `normal` or `high`
/// @param limitedBy what keeps it from being faster now: `backup`, `network`, `datastore`, `guest`, `limit` or `nothing`
record PaceView(long bytesPerSecond, @Nullable Long latencyGoalMillis, String priority, String limitedBy) {

    static PaceView of(PaceSettings settings, LimitedBy limitedBy) {
        return new PaceView(settings.bytesPerSecond(),
                settings.latencyGoal().map(Duration::toMillis).orElse(null), settings.priority().text(),
                limitedBy.text());
    }
}
