package org.vmfinalize.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/// What a program's user sees: lines, and one progress bar at a time. Where the output is no terminal the bar becomes a
/// line now and then.
///
/// **Threads:** any number.
public final class Terminal {

    private static final int BAR_WIDTH = 10;
    /// While a bar is drawn the terminal cuts it at its right edge: one that wraps could not be written over.
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String CLEAR_TO_END = "\u001b[K";
    private static final long MIB = 1 << 20;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);

    private final PrintStream out;
    private final boolean live;
    private boolean barIsShown;
    private long lastLineAt = System.nanoTime() - BETWEEN_LINES.toNanos();

    /// A terminal, or what takes its place.
    ///
    /// @param live whether a line can be written over
    public Terminal(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /// Standard output as it is.
    public static Terminal ofThisProcess() {
        return new Terminal(System.out, isTerminal());
    }

    /// Whether standard output is a terminal.
    @SuppressWarnings("SystemConsoleNull") // JDK 25 has no console object again where there is no terminal.
    public static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    /// How many columns it has, which the launcher tells; 0 if nobody does.
    public static int columns() {
        var columns = Objects.requireNonNullElse(System.getenv("COLUMNS"), "");
        return columns.matches("\\d{2,4}") ? Integer.parseInt(columns) : 0;
    }

    /// A table as standard output takes it: where that is no terminal, whole and without colours.
    public static String text(Table table) {
        return isTerminal() ? table.text(Style.isWanted(), columns()) : table.text(false);
    }

    public synchronized void say(String line) {
        clearBar();
        out.println(Printable.text(line));
        out.flush();
    }

    /// Shows how far something is.
    ///
    /// @param done of `total`, in bytes
    /// @param details what else there is to say, such as the rate
    public synchronized void progress(String what, long done, long total, String details) {
        double share = total == 0 ? 1 : Math.clamp((double) done / total, 0, 1);
        var text = String.format(Locale.ROOT, "%3d %%  %,d of %,d MiB%s%s", (int) (share * 100), done / MIB,
                total / MIB,
                details.isEmpty() ? "" : "  ", Printable.text(details));
        if (live) {
            int filled = (int) (share * BAR_WIDTH);
            var bar = what + " [" + "█".repeat(filled) + "·".repeat(BAR_WIDTH - filled) + "] " + text;
            out.print("\r" + NO_WRAP + bar + CLEAR_TO_END + WRAP);
            out.flush();
            barIsShown = true;
        } else if (System.nanoTime() - lastLineAt >= BETWEEN_LINES.toNanos()) {
            lastLineAt = System.nanoTime();
            out.println(what + " " + text);
            out.flush();
        }
    }

    /// Ends the bar; the next one begins with a line of its own.
    public synchronized void clearBar() {
        if (barIsShown) {
            out.print("\r" + CLEAR_TO_END);
            out.flush();
            barIsShown = false;
        }
        lastLineAt = System.nanoTime() - BETWEEN_LINES.toNanos();
    }
}
