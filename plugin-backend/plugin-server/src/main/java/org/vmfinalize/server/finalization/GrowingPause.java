package org.vmfinalize.server.finalization;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// When to try again what failed: after 1 s, 2 s, 4 s and so on, at most a minute.
///
/// **Threads:** one.
final class GrowingPause {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Clock clock;
    private Duration next = FIRST;
    private Instant until = Instant.MIN;

    GrowingPause(Clock clock) {
        this.clock = clock;
    }

    boolean isOver() {
        return !clock.instant().isBefore(until);
    }

    void begin() {
        until = clock.instant().plus(next);
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    }

    void reset() {
        next = FIRST;
        until = Instant.MIN;
    }
}
