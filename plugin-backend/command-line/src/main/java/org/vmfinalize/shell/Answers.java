package org.vmfinalize.shell;

import groovy.lang.GroovyRuntimeException;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.console.Tables;
import org.vmfinalize.terminal.Style;

/// What the console says: tables, values, and errors of one line.
final class Answers {

    private final Terminal terminal;
    private final boolean debug;
    private final boolean styled;

    Answers(Terminal terminal, boolean debug) {
        this.terminal = terminal;
        this.debug = debug;
        this.styled = !Terminal.TYPE_DUMB.equals(terminal.getType()) && Style.isWanted();
    }

    /// @param session whose it is, and where
    void greet(String session) {
        say(Style.BOLD.of("vm-finalize console", styled) + " as " + session);
        say("'help' tells what can be said, the Tab key what comes next; Ctrl-D ends it.");
    }

    /// Shows what a line has answered; nothing for nothing.
    void show(@Nullable Object answer) {
        if (answer != null) {
            say(Tables.of(answer).map(table -> table.text(styled, terminal.getWidth()))
                    .orElseGet(() -> String.valueOf(answer)));
        }
    }

    /// Says what went wrong.
    void complain(Throwable failure) {
        say(Style.RED.of(reason(failure), styled));
        if (debug) {
            failure.printStackTrace(terminal.writer());
            terminal.flush();
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof MultipleCompilationErrorsException wrong) {
            return String.valueOf(wrong.getMessage()).lines().filter(line -> line.contains("@ line"))
                    .findFirst().orElse(String.valueOf(wrong.getMessage())).strip()
                    .replaceFirst("^\\S*: \\d+: ", "").replaceFirst(" @ line \\d+, column (\\d+)\\.$",
                            ", at column $1");
        }
        var slip = Slip.told(failure);
        if (slip.isPresent()) {
            return slip.get();
        }
        var message = failure.getMessage();
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        return failure instanceof GroovyRuntimeException || failure instanceof AssertionError
                ? message.strip()
                : message.replaceAll("\\s*\\R\\s*", " ");
    }

    private void say(String text) {
        terminal.writer().println(text);
        terminal.flush();
    }
}
