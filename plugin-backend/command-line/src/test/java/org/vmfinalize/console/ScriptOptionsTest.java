package org.vmfinalize.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptOptionsTest {

    private static final Map<String, Object> DEFAULTS = Map.of("from", LocalTime.of(22, 0), "atMost", 2,
            "patience", Duration.ofMinutes(5), "now", false, "limit", "0");

    @Test
    void whatIsNotGivenHasItsDefault() {
        assertThat(read()).isEqualTo(DEFAULTS);
    }

    @Test
    void whatIsGivenHasTheTypeOfItsDefault() {
        assertThat(read("--from", "21:30", "--at-most=3", "--patience", "90 s", "--now", "--limit", "5 MB/s"))
                .isEqualTo(Map.of("from", LocalTime.of(21, 30), "atMost", 3, "patience",
                        Duration.ofSeconds(90), "now", true, "limit", "5 MB/s"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            --from=25:00  | --from: must be a time of the day such as 22:00 but was '25:00'
            --at-most=few | --at-most: must be a whole number but was 'few'
            --patience=x  | --patience: 'x' must be a time such as 20 ms, 90 s or 2 h
            --limit       | --limit: must have a value but has none
            --form=x      | --form: no such option; did you mean --from?
            web-01        | web-01: no such option; there are --at-most, --from, --limit, --now, --patience
            """, delimiter = '|')
    void nonsenseIsRefusedByName(String argument, String message) {
        assertThatExceptionOfType(ConsoleException.class).isThrownBy(() -> read(argument))
                .withMessage(message);
    }

    @Test
    void whatIsRequiredMustBeGiven() {
        var defaults = new HashMap<String, @Nullable Object>(Map.of("folder", ScriptOptions.REQUIRED));

        assertThatExceptionOfType(ConsoleException.class)
                .isThrownBy(() -> new ScriptOptions(List.of()).doCall(defaults))
                .withMessageStartingWith("--folder: must be given");
        assertThat(new ScriptOptions(List.of("--folder", "x")).doCall(defaults)).containsEntry("folder", "x");
    }

    private static Map<String, @Nullable Object> read(String... arguments) {
        return new ScriptOptions(List.of(arguments)).doCall(new HashMap<String, @Nullable Object>(DEFAULTS));
    }
}
