package org.vmfinalize.finalization;

import java.util.Arrays;
import java.util.Locale;

/// How much space a finished disk takes, in vSphere's terms.
public enum Provisioning {
    /// Blocks of zeros are holes.
    THIN,
    /// All space is reserved, and blocks of zeros are not written. Where the file system cannot reserve, they are.
    THICK,
    /// Zeros are written too.
    EAGER_THICK;

    /// The form in texts: `thin`, `thick` or `eager-thick`.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Reads the form in texts.
    ///
    /// @throws IllegalArgumentException for any other text
    public static Provisioning of(String text) {
        return Arrays.stream(values()).filter(p -> p.text().equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "provisioning: must be thin, thick or eager-thick but was '%s'".formatted(text)));
    }
}
