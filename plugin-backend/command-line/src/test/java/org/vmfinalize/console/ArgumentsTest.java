package org.vmfinalize.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void unitsAreReadAsPeopleWriteThem() {
        var arguments = new Arguments("makePermanent",
                Map.of("limit", "200 MB/s", "latencyGoal", "auto", "name", "web-01"), Options.MAKE_PERMANENT);

        assertThat(arguments.takeRate("limit", "bytesPerSecond")
                .takeMillis("latencyGoal", "latencyGoalMillis").takeOthers().request()).isEqualTo(
                        Map.of("bytesPerSecond", 200_000_000L, "latencyGoalMillis", 0L, "name", "web-01"));
    }

    @Test
    void whatIsWrongIsNamed() {
        var arguments = new Arguments("makePermanent", Map.of("limit", "fast"), Options.MAKE_PERMANENT);

        assertThatExceptionOfType(ConsoleException.class)
                .isThrownBy(() -> arguments.takeRate("limit", "bytesPerSecond"))
                .withMessage("makePermanent: limit: 'fast' must be a rate such as 200 MB/s");
        assertThatExceptionOfType(ConsoleException.class)
                .isThrownBy(() -> new Arguments("run", Map.of("nmae", "x"), Options.RUN))
                .withMessage("run: takes no 'nmae'; did you mean name?");
    }
}
