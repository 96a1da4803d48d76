package org.vmfinalize.finalization;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryPausesTest {

    @Test
    void growFromHalfASecondToHalfAMinute() {
        var pauses = RetryPauses.DEFAULT;

        assertThat(Stream.iterate(pauses.first(), pauses::after).limit(9).map(Duration::toMillis))
                .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
    }
}
