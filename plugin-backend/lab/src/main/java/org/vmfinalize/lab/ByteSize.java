package org.vmfinalize.lab;

import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A size as people write it, such as `64M`, `1G` or `1 GiB`; units are powers of 1024, a number alone is bytes.
///
/// @param bytes a multiple of 512
record ByteSize(long bytes) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*([KMGT]?)(?:I?B)?");
    private static final long SMALLEST = 1 << 20;
    private static final long LARGEST = 1L << 40;

    static final class Converter implements ITypeConverter<ByteSize> {

        @Override
        public ByteSize convert(String text) {
            var match = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
            if (!match.matches()) {
                throw new TypeConversionException("'%s' must be a size such as 512M or 1G".formatted(text));
            }
            int power = " KMGT".indexOf(match.group(2).isEmpty() ? " " : match.group(2));
            double bytes = Double.parseDouble(match.group(1)) * Math.pow(1024, power);
            if (bytes < SMALLEST || bytes > LARGEST || bytes % 512 != 0) {
                throw new TypeConversionException(
                        "'%s' must be 1M to 1T and a multiple of 512 bytes".formatted(text));
            }
            return new ByteSize((long) bytes);
        }
    }
}
