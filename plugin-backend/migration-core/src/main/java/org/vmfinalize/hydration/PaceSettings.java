package org.vmfinalize.hydration;

import java.time.Duration;
import java.util.Optional;

/// How fast one machine may be hydrated. All of it can be changed at any time.
///
/// @param bytesPerSecond the most that is read from the backup, all disks together; 0 = no limit
/// @param latencyGoal how long the guest may wait for 99 of 100 requests; none: at most a quarter longer than without
///     hydration, and never more than [#DEFAULT_GOAL] unless it is slower by itself
/// @param priority its share where several machines are hydrated
public record PaceSettings(long bytesPerSecond, Optional<Duration> latencyGoal, Priority priority) {

    /// 20 ms.
    public static final Duration DEFAULT_GOAL = Duration.ofMillis(20);

    /// No limit, and the guest is hardly to feel it.
    public static final PaceSettings AUTOMATIC = new PaceSettings(0, Optional.empty(), Priority.NORMAL);

    public PaceSettings {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "bytesPerSecond: must be at least 0 (no limit) but was " + bytesPerSecond);
        }
        if (latencyGoal.isPresent() && latencyGoal.get().toNanos() < 1_000_000) {
            throw new IllegalArgumentException(
                    "latencyGoal: must be at least 1 ms but was %d ns"
                            .formatted(latencyGoal.get().toNanos()));
        }
    }

    /// The same with another limit.
    public PaceSettings withLimit(long newBytesPerSecond) {
        return new PaceSettings(newBytesPerSecond, latencyGoal, priority);
    }
}
