package org.vmfinalize.finalization;

import java.time.Duration;

/// How long a job waits before it tries again: the first time, doubled each time, up to the last.
record RetryPauses(Duration first, Duration last) {

    static final RetryPauses DEFAULT = new RetryPauses(Duration.ofMillis(500), Duration.ofSeconds(30));

    Duration after(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(last) < 0 ? doubled : last;
    }
}
