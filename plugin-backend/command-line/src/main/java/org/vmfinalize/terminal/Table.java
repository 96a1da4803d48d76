package org.vmfinalize.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows under headings, in columns as wide as they need to be.
///
/// **Threads:** one at a time.
public final class Table {

    private static final String GAP = "  ";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /// Adds a row.
    ///
    /// @param cells as many as there are headings
    public Table row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(
                    "a row must have %d cells but had %d".formatted(headings.size(), cells.length));
        }
        rows.add(Arrays.stream(cells).map(cell -> printable(String.valueOf(cell))).toList());
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public List<String> headings() {
        return headings;
    }

    public List<List<String>> rows() {
        return List.copyOf(rows);
    }

    /// All of it, without a line break at the end.
    ///
    /// @param styled whether the headings shall stand out, as a terminal can show it
    public String text(boolean styled) {
        var widths = IntStream.range(0, headings.size()).map(this::width).toArray();
        var heading = line(headings, widths);
        return (styled ? BOLD + heading + PLAIN : heading)
                + rows.stream().map(row -> System.lineSeparator() + line(row, widths))
                        .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return text(false);
    }

    private int width(int column) {
        return Math.max(headings.get(column).length(),
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> cells.get(i) + " ".repeat(widths[i] - cells.get(i).length()))
                .collect(Collectors.joining(GAP)).stripTrailing();
    }

    /// Names come from elsewhere: none may steer the terminal.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
