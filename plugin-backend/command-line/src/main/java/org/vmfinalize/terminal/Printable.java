package org.vmfinalize.terminal;

import java.util.regex.Pattern;

/// Text that comes from elsewhere, such as the name of a VM: none may steer the terminal.
///
/// **Threads:** any number.
public final class Printable {

    /// What steers a terminal, or turns the direction in which it writes.
    private static final Pattern STEERING = Pattern
            .compile("[\\p{Cc}\\p{Cs}\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]");

    private Printable() {}

    /// The text in one line, with a question mark for each character that it must not have.
    public static String text(String text) {
        return STEERING.matcher(text).replaceAll("?");
    }
}
