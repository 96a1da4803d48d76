package org.vmfinalize.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    @ParameterizedTest
    @CsvSource({"20 ms, PT0.02S", "90s, PT90S", "2 h, PT2H", "1 h 30 min, PT90M", "1d, PT24H"})
    void readsTimesAsPeopleWriteThem(String text, Duration time) {
        assertThat(Times.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({"20 ms, 20", "1 s, 1000", "auto, 0", "Auto, 0"})
    void readsGoals(String text, long millis) {
        assertThat(Times.parseMillis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "5", "2 weeks", "1 h and 5 min"})
    void refusesWhatIsNoTime(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Times.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"PT42S, 0:42", "PT65M, 1:05:00", "PT25H1M1S, 25:01:01"})
    void writesTimesAsAClock(Duration time, String text) {
        assertThat(Times.text(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-26T06:55:02.953123Z, 2026-11-26T06:55:02Z",
            "2026-11-26T06:55:02Z, 2026-11-26T06:55:02Z",
            "-, -"})
    void leavesOutWhatIsLessThanASecond(String instant, String text) {
        assertThat(Times.withoutFraction(instant)).isEqualTo(text);
    }
}
