package org.vmfinalize.hydration;

import java.util.Arrays;
import java.util.Locale;

/// How large a machine's share is where several are hydrated at the same time.
public enum Priority {
    /// A quarter of a normal share.
    LOW(1),
    /// What every machine has.
    NORMAL(4),
    /// Four normal shares.
    HIGH(16);

    private final int weight;

    Priority(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }

    /// The form in texts: `low`, `normal` or `high`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads the form in texts.
    ///
    /// @throws IllegalArgumentException for any other text
    public static Priority of(String text) {
        return Arrays.stream(values()).filter(p -> p.text().equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "priority: must be low, normal or high but was '%s'".formatted(text)));
    }
}
