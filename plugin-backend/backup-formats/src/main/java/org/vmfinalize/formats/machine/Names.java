package org.vmfinalize.formats.machine;

import java.util.Locale;
import java.util.Optional;

/// Texts of a description, made fit for a machine of vSphere and for messages.
public final class Names {

    private static final int MAX_MACHINE = 80;
    private static final int MAX_SHOWN = 100;

    private Names() {}

    /// The name of a machine: without control characters and not longer than vSphere takes; `vm` if there is none.
    public static String machine(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", " ").strip();
        String cut = clean.length() <= MAX_MACHINE ? clean : clean.substring(0, MAX_MACHINE).strip();
        return cut.isEmpty() ? "vm" : cut;
    }

    /// Text from a backup as it may be shown: not too long and without control characters.
    public static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "…";
    }

    /// A MAC address with colons and in lower case, out of one with colons, dashes or nothing between its bytes; empty
    /// if it is none.
    public static Optional<String> mac(String text) {
        String digits = text.strip().toLowerCase(Locale.ROOT).replaceAll("[:-]", "");
        return digits.matches("[0-9a-f]{12}")
                ? Optional.of(digits.replaceAll("(..)(?!$)", "$1:"))
                : Optional.empty();
    }
}
