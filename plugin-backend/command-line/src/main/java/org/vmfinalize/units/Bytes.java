package org.vmfinalize.units;

import java.util.Locale;
import java.util.regex.Pattern;

/// Sizes and rates in bytes, as people write them: `4 GiB`, `200 MB/s`.
///
/// As everywhere in standards, `kB`, `MB`, `GB` and `TB` are powers of 1000, and `KiB`, `MiB`, `GiB` and `TiB` of 1024 (IEC
/// 80000-13); a letter alone, as in `4G`, is a power of 1024, as QEMU takes it.
public final class Bytes {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*([KMGTP]?)(I?B|)");
    private static final String UNITS = " KMGTP";

    private Bytes() {}

    /// A size in bytes.
    ///
    /// @throws IllegalArgumentException if it is no size
    public static long parse(String text) {
        var match = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!match.matches()) {
            throw new IllegalArgumentException("'%s' must be a size such as 512 MiB or 4 GB".formatted(text));
        }
        int power = match.group(2).isEmpty() ? 0 : UNITS.indexOf(match.group(2));
        int base = match.group(3).equals("B") ? 1000 : 1024;
        double bytes = Double.parseDouble(match.group(1)) * Math.pow(base, power);
        if (bytes > Long.MAX_VALUE / 2.0) {
            throw new IllegalArgumentException("'%s' must be a size below 4 EiB".formatted(text));
        }
        return Math.round(bytes);
    }

    /// A size in MiB, as vSphere counts memory.
    ///
    /// @throws IllegalArgumentException if it is no size, or not a whole number of them
    public static long parseMebibytes(String text) {
        long bytes = parse(text);
        if (bytes == 0 || bytes % (1 << 20) != 0) {
            throw new IllegalArgumentException("'%s' must be whole MiB, such as 4 GiB".formatted(text));
        }
        return bytes >> 20;
    }

    /// A rate, in bytes per second: a size, with or without `/s`.
    ///
    /// @throws IllegalArgumentException if it is no rate
    public static long parsePerSecond(String text) {
        var size = text.strip().replaceFirst("(?i)\\s*(/\\s*s|ps)$", "");
        try {
            return parse(size);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s' must be a rate such as 200 MB/s".formatted(text), e);
        }
    }

    /// Such as `740 MiB` or `1.5 GiB`.
    public static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double amount = bytes;
        int power = 0;
        while (amount >= 1024 && power < UNITS.length() - 1) {
            amount /= 1024;
            power++;
        }
        return String.format(Locale.ROOT, amount < 10 ? "%.1f %siB" : "%.0f %siB", amount,
                UNITS.charAt(power));
    }
}
