package org.vmfinalize.units;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Times as people write them: `20 ms`, `90 s`, `2 h`, `1 h 30 min`.
public final class Times {

    private static final Pattern PART = Pattern.compile("(\\d{1,9})\\s*([a-z]+)\\s*");
    private static final Map<String, Duration> UNITS = Map.of("ms", Duration.ofMillis(1), "s",
            Duration.ofSeconds(1),
            "min", Duration.ofMinutes(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d",
            Duration.ofDays(1));

    private Times() {}

    /// The sum of its parts.
    ///
    /// @throws IllegalArgumentException if it is no time
    public static Duration parse(String text) {
        var part = PART.matcher(text.strip().toLowerCase(Locale.ROOT));
        var sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end && UNITS.containsKey(part.group(2))) {
            sum = sum.plus(UNITS.get(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
            end = part.end();
        }
        if (end == 0 || end != part.regionEnd()) {
            throw new IllegalArgumentException(
                    "'%s' must be a time such as 20 ms, 90 s or 2 h".formatted(text));
        }
        return sum;
    }

    /// A time in milliseconds; 0 for `auto`.
    ///
    /// @throws IllegalArgumentException if it is neither
    public static long parseMillis(String text) {
        return text.strip().equalsIgnoreCase("auto") ? 0 : parse(text).toMillis();
    }

    /// A point in time of the API, `2026-11-26T06:55:02.953Z`, to the second; anything else as it is.
    public static String withoutFraction(String instant) {
        return instant.replaceFirst("\\.\\d+Z$", "Z");
    }

    /// Such as `0:42` or `1:05:00`.
    public static String text(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(),
                        time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
