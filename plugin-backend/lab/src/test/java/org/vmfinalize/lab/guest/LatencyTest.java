package org.vmfinalize.lab.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTest {

    @Test
    void theLongestIsExact() {
        var latency = new Latency();

        latency.note(1_234_567);
        latency.note(7_654_321);
        latency.note(5);

        assertThat(latency.longest()).isEqualTo(Duration.ofNanos(7_654_321));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 33, 1000, 65_535, 65_536, 123_456_789, 60_000_000_000L})
    void aPercentileIsNeverTooLowAndAtMostASixteenthTooHigh(long micros) {
        var latency = new Latency();
        for (int i = 0; i < 99; i++) {
            latency.note(micros * 1000);
        }
        latency.note(3_600_000_000_000_000L);

        var percentile = latency.percentile(99);

        assertThat(percentile).isGreaterThanOrEqualTo(Duration.ofNanos(micros * 1000))
                .isLessThanOrEqualTo(Duration.ofNanos((micros + Math.max(1, micros / 16)) * 1000));
    }

    @Test
    void thereIsNoPercentileOfNothing() {
        assertThat(new Latency().percentile(99)).isZero();
    }
}
