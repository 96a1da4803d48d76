package org.vmfinalize.formats.ovf;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Programmatic units of bytes (DSP0004, annex C): a base unit and factors, such as `byte * 2^20`. Older writers have
/// words instead, such as `MegaBytes`.
final class Units {

    private static final Pattern FACTOR = Pattern.compile("\\*(\\d{1,9})(?:\\^(\\d{1,2}))?");
    private static final Pattern WORD = Pattern.compile("(kilo|mega|giga|tera)bytes?|([kmgt])i?b");

    private Units() {}

    /// How many bytes a unit is; empty if it is none of bytes, or too large.
    static Optional<Long> bytes(String unit) {
        String compact = unit.toLowerCase(Locale.ROOT).replaceAll("\\s", "");
        Matcher word = WORD.matcher(compact);
        if (word.matches()) {
            String prefix = word.group(1) == null ? word.group(2) : word.group(1);
            return Optional.of(1L << (10 * ("kmgt".indexOf(prefix.charAt(0)) + 1)));
        }
        Matcher base = Pattern.compile("bytes?|b").matcher(compact);
        return base.lookingAt() ? product(compact.substring(base.end())) : Optional.empty();
    }

    private static Optional<Long> product(String factors) {
        Matcher factor = FACTOR.matcher(factors);
        long product = 1;
        int position = 0;
        while (position < factors.length()) {
            if (!factor.find() || factor.start() != position) {
                return Optional.empty();
            }
            int times = factor.group(2) == null ? 1 : Integer.parseInt(factor.group(2));
            for (int i = 0; i < times; i++) {
                long next = Math.multiplyHigh(product, Long.parseLong(factor.group(1)));
                if (next != 0) {
                    return Optional.empty();
                }
                product *= Long.parseLong(factor.group(1));
                if (product <= 0) {
                    return Optional.empty();
                }
            }
            position = factor.end();
        }
        return Optional.of(product);
    }
}
