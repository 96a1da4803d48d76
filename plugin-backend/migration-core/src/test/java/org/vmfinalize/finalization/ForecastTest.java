package org.vmfinalize.finalization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastTest {

    private static final long MS = 1_000_000;

    private final AtomicLong clock = new AtomicLong();

    @Test
    void steadyWorkEndsWithinTheRange() {
        var forecast = new Forecast(clock::get);
        forecast.restart(100_000);
        assertThat(forecast.look(100_000)).isEmpty();
        for (int second = 1; second < 100; second++) {
            clock.addAndGet(1000 * MS);
            var left = forecast.look(100_000 - second * 1000L).orElseThrow();
            assertThat(Duration.ofSeconds(100 - second)).isBetween(left.atLeast(), left.atMost());
        }
    }

    @Test
    void tellsNothingBeforeSomethingMoves() {
        var forecast = new Forecast(clock::get);
        forecast.restart(100_000);
        clock.addAndGet(5000 * MS);

        assertThat(forecast.look(100_000)).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverRunsBackwardsHoweverTheRateChanges(long seed) {
        var random = new Random(seed);
        var forecast = new Forecast(clock::get);
        long left = 1 << 30;
        forecast.restart(left);
        var before = new TimeLeft(Duration.ofDays(9999), Duration.ofDays(9999));
        for (int i = 0; i < 2000 && left > 0; i++) {
            clock.addAndGet((1 + random.nextInt(1500)) * MS);
            left = Math.max(0, left - random.nextInt(random.nextInt(20) == 0 ? 10_000_000 : 300_000));
            var now = forecast.look(left).orElse(before);
            assertThat(now.atLeast()).isLessThanOrEqualTo(before.atLeast());
            assertThat(now.atMost()).isLessThanOrEqualTo(before.atMost())
                    .isGreaterThanOrEqualTo(now.atLeast());
            before = now;
        }
    }

    /// What `scripts/bench record` has written down: for each job its name, then milliseconds, bytes done and to be done.
    private record Recorded(String name, List<long[]> looks) {

        long endMillis() {
            return looks.getLast()[0];
        }
    }

    private static List<Recorded> recorded() throws IOException {
        var jobs = new ArrayList<Recorded>();
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ForecastTest.class.getResourceAsStream("recorded-jobs.txt")),
                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("job ")) {
                    jobs.add(new Recorded(line.substring(4), new ArrayList<>()));
                } else if (!line.startsWith("#")) {
                    String[] words = line.split(" ", -1);
                    jobs.getLast().looks().add(new long[]{Long.parseLong(words[0]), Long.parseLong(words[1]),
                            Long.parseLong(words[2])});
                }
            }
        }
        return jobs;
    }

    @Test
    void theRealEndOfRecordedJobsLayInTheRangeInNineOfTenLooks() throws IOException {
        int looks = 0;
        int right = 0;
        var wrong = new ArrayList<String>();
        for (var job : recorded()) {
            var forecast = new Forecast(clock::get);
            long first = clock.get();
            forecast.restart(job.looks().getFirst()[2] - job.looks().getFirst()[1]);
            for (long[] look : job.looks()) {
                clock.set(first + look[0] * MS);
                var left = forecast.look(look[2] - look[1]);
                if (left.isPresent()) {
                    var real = Duration.ofMillis(job.endMillis() - look[0]);
                    looks++;
                    if (real.compareTo(left.get().atLeast()) >= 0
                            && real.compareTo(left.get().atMost()) <= 0) {
                        right++;
                    } else {
                        wrong.add("%s at %d ms: %s, really %s".formatted(job.name(), look[0], left.get(),
                                real));
                    }
                }
            }
        }

        assertThat(looks).isGreaterThan(100);
        assertThat(right * 10).as("of %d looks, wrong: %s", looks, wrong).isGreaterThanOrEqualTo(looks * 9);
    }
}
