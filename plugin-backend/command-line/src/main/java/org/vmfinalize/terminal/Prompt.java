package org.vmfinalize.terminal;

import java.io.Console;
import java.util.Optional;

/// Asks the user, where there is a terminal.
public final class Prompt {

    private Prompt() {}

    /// A line that the user types; none if there is no terminal or the input ends.
    public static Optional<String> line(String question) {
        return console().map(console -> console.readLine("%s", Printable.text(question)));
    }

    /// A line that the user types without seeing it; none if there is no terminal or the input ends.
    public static Optional<String> secret(String question) {
        return console().map(console -> console.readPassword("%s", question)).map(String::new);
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 has no console object again where there is no terminal.
    private static Optional<Console> console() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }
}
