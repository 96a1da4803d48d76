package org.vmfinalize.terminal;

import java.util.Map;
import java.util.Optional;

/// How text stands out in a terminal.
public enum Style {
    BOLD("1"), DIM("2"), RED("31"), GREEN("32"), YELLOW("33"), CYAN("36");

    private static final Map<String, Style> WORDS = Map.ofEntries(
            Map.entry("poweredOn", GREEN), Map.entry("completed", GREEN), Map.entry("loaded", GREEN),
            Map.entry("yes", GREEN), Map.entry("poweredOff", DIM), Map.entry("-", DIM),
            Map.entry("suspended", YELLOW), Map.entry("paused", YELLOW), Map.entry("queued", YELLOW),
            Map.entry("cancelled", YELLOW), Map.entry("by hand", YELLOW), Map.entry("hydrating", CYAN),
            Map.entry("sealing", CYAN), Map.entry("verifying", CYAN), Map.entry("failed", RED),
            Map.entry("refused", RED), Map.entry("no", RED));

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /// `text` in this style.
    ///
    /// @param styled whether it can be shown; else it stays as it is
    public String of(String text, boolean styled) {
        return styled ? "\u001b[%sm%s\u001b[0m".formatted(code, text) : text;
    }

    /// The style of a state, such as `failed`.
    static Optional<Style> ofWord(String word) {
        return Optional.ofNullable(WORDS.get(word));
    }

    /// Whether the user wants colours at all: `NO_COLOR` is not set (<https://no-color.org>).
    public static boolean isWanted() {
        var refusal = System.getenv("NO_COLOR");
        return refusal == null || refusal.isEmpty();
    }
}
