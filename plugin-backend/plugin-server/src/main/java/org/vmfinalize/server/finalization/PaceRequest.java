package org.vmfinalize.server.finalization;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.hydration.Priority;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// How fast a finalization may be, as somebody asks for it. What is left out stays as it is.
///
/// @param bytesPerSecond the limit for reading the backup; 0: no limit
/// @param latencyGoalMillis how long the guest may wait for 99 of 100 requests, at most a minute; 0: automatic
/// @param priority `low`, `normal` or `high`
record PaceRequest(@Nullable Long bytesPerSecond, @Nullable Long latencyGoalMillis,
        @Nullable String priority) {

    private static final long LONGEST_GOAL_MILLIS = 60_000;

    /// `before` with what was asked for.
    ///
    /// @throws Problem if it cannot be had
    PaceSettings over(PaceSettings before) {
        return new PaceSettings(limit(before), goal(before), priority(before));
    }

    private long limit(PaceSettings before) {
        if (bytesPerSecond == null) {
            return before.bytesPerSecond();
        }
        if (bytesPerSecond < 0) {
            throw refused("bytesPerSecond: must be 0 (no limit) or more but was " + bytesPerSecond, null);
        }
        return bytesPerSecond;
    }

    private Optional<Duration> goal(PaceSettings before) {
        if (latencyGoalMillis == null) {
            return before.latencyGoal();
        }
        if (latencyGoalMillis < 0 || latencyGoalMillis > LONGEST_GOAL_MILLIS) {
            throw refused(
                    "latencyGoalMillis: must be 0 (automatic) to %d but was %d".formatted(LONGEST_GOAL_MILLIS,
                            latencyGoalMillis),
                    null);
        }
        return latencyGoalMillis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(latencyGoalMillis));
    }

    private Priority priority(PaceSettings before) {
        try {
            return priority == null
                    ? before.priority()
                    : Priority.of(priority.length() > 40 ? priority.substring(0, 40) : priority);
        } catch (IllegalArgumentException e) {
            throw refused(e.getMessage(), e);
        }
    }

    private static Problem refused(@Nullable String why, @Nullable Throwable cause) {
        return new Problem(ProblemType.BAD_REQUEST, String.valueOf(why), cause);
    }
}
