package org.vmfinalize.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows under headings, in columns as wide as they need to be.
///
/// **Threads:** one at a time.
public final class Table {

    private static final String GAP = "  ";
    private static final Pattern AMOUNT = Pattern.compile("-|[\\d.,]+(?: (?:[kKMGTP]?i?B(?:/s)?|%|ms|s))?");

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
    /// @param styled whether headings and states shall stand out, as a terminal can show it
    public String text(boolean styled) {
        var columns = IntStream.range(0, headings.size()).mapToObj(this::column).toList();
        var heading = line(headings, columns, (cell, padded) -> padded);
        return Style.BOLD.of(heading, styled) + rows.stream()
                .map(row -> System.lineSeparator() + line(row, columns,
                        (cell, padded) -> padded.replace(cell,
                                Style.ofWord(cell).map(style -> style.of(cell, styled)).orElse(cell))))
                .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return text(false);
    }

    /// @param right whether its cells stand at its right edge, as amounts do
    private record Column(int width, boolean right) {

        String pad(String cell) {
            var space = " ".repeat(width - cell.length());
            return right ? space + cell : cell + space;
        }
    }

    private Column column(int index) {
        var cells = rows.stream().map(row -> row.get(index)).toList();
        int width = Math.max(headings.get(index).length(),
                cells.stream().mapToInt(String::length).max().orElse(0));
        boolean amounts = cells.stream().allMatch(cell -> AMOUNT.matcher(cell).matches())
                && cells.stream().anyMatch(cell -> !cell.equals("-"));
        return new Column(width, amounts);
    }

    private static String line(List<String> cells, List<Column> columns, BinaryOperator<String> style) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> style.apply(cells.get(i), columns.get(i).pad(cells.get(i))))
                .collect(Collectors.joining(GAP)).stripTrailing();
    }

    /// Names come from elsewhere: none may steer the terminal.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
