package org.vmfinalize.server.finalization;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vmfinalize.server.SetClock;

/// How often somebody who is away is asked.
class GrowingPauseTest {

    private final SetClock clock = new SetClock();
    private final GrowingPause pause = new GrowingPause(clock);

    private int attemptsWithin(Duration time) {
        int attempts = 0;
        for (long second = 0; second < time.toSeconds(); second++) {
            if (pause.isOver()) {
                attempts++;
                pause.begin();
            }
            clock.add(Duration.ofSeconds(1));
        }
        return attempts;
    }

    @Test
    void anHourHasAboutAsManyAttemptsAsMinutes() {
        assertThat(attemptsWithin(Duration.ofHours(1))).isBetween(60, 70);
    }

    @Test
    void afterASuccessItIsShortAgain() {
        attemptsWithin(Duration.ofHours(1));

        pause.reset();

        assertThat(attemptsWithin(Duration.ofSeconds(8))).as("at 0, 1, 3 and 7 s").isEqualTo(4);
    }
}
