package org.vmfinalize.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows under headings, in columns as wide as they need to be, or as there is room for.
///
/// **Threads:** one at a time.
public final class Table {

    private static final String GAP = "  ";
    private static final String CUT = "…";
    /// Of a time that leaves the day.
    private static final int NARROW = 10;
    private static final int NARROWEST = 6;
    private static final Pattern AMOUNT = Pattern.compile("-|[\\d.,]+(?: (?:[kKMGTP]?i?B(?:/s)?|%|ms|s))?");

    /// Two states may begin alike.
    private static final Set<String> NEVER_CUT = Set.of("STATE", "POWER");

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();
    private String nothing = "";

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
        rows.add(Arrays.stream(cells).map(String::valueOf).map(Printable::text).toList());
        return this;
    }

    /// What people are told in place of a table without rows.
    public Table orSay(String sentence) {
        nothing = sentence;
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
        return text(styled, 0);
    }

    /// All of it, without a line break at the end.
    ///
    /// @param width that no line is to exceed, as far as that can be had by cutting texts; 0: any
    public String text(boolean styled, int width) {
        if (rows.isEmpty() && !nothing.isEmpty()) {
            return nothing;
        }
        var columns = fit(IntStream.range(0, headings.size()).mapToObj(this::column).toList(), width);
        var heading = line(headings, columns, (cell, padded) -> padded);
        return Style.BOLD.of(heading, styled) + rows.stream()
                .map(row -> System.lineSeparator() + line(row, columns,
                        (cell, padded) -> padded.replace(cell,
                                Style.ofWord(cell).map(style -> style.of(cell, styled)).orElse(cell))))
                .collect(Collectors.joining());
    }

    /// The widest text gives way first. Ids, which are typed again, do so after all others; names, in the first column, last.
    private List<Column> fit(List<Column> columns, int width) {
        if (width == 0) {
            return columns;
        }
        int room = width - GAP.length() * (columns.size() - 1);
        var texts = IntStream.range(1, columns.size())
                .filter(i -> !columns.get(i).right() && !NEVER_CUT.contains(headings.get(i))).boxed()
                .toList();
        var widths = columns.stream().mapToInt(Column::width).toArray();
        narrow(widths, room, texts.stream().filter(i -> !headings.get(i).equals("ID")).toList(), NARROW);
        narrow(widths, room, texts, NARROWEST);
        narrow(widths, room, List.of(0), NARROWEST);
        return IntStream.range(0, widths.length)
                .mapToObj(i -> new Column(widths[i], columns.get(i).right())).toList();
    }

    private static void narrow(int[] widths, int room, List<Integer> which, int least) {
        while (Arrays.stream(widths).sum() > room) {
            var widest = which.stream().max(Comparator.comparingInt(i -> widths[i]));
            if (widest.isEmpty() || widths[widest.get()] <= least) {
                return;
            }
            widths[widest.get()]--;
        }
    }

    @Override
    public String toString() {
        return text(false);
    }

    /// @param right whether its cells stand at its right edge, as amounts do
    private record Column(int width, boolean right) {

        String pad(String cell) {
            var space = " ".repeat(width - Columns.of(cell));
            return right ? space + cell : cell + space;
        }

        /// Of a path the end stays, which tells one file from another.
        String cut(String cell) {
            if (Columns.of(cell) <= width) {
                return cell;
            }
            int room = width - Columns.of(CUT);
            return cell.contains("/") ? CUT + Columns.last(cell, room) : Columns.first(cell, room) + CUT;
        }
    }

    private Column column(int index) {
        var cells = rows.stream().map(row -> row.get(index)).toList();
        int width = Math.max(Columns.of(headings.get(index)),
                cells.stream().mapToInt(Columns::of).max().orElse(0));
        boolean amounts = cells.stream().allMatch(cell -> AMOUNT.matcher(cell).matches())
                && cells.stream().anyMatch(cell -> !cell.equals("-"));
        return new Column(width, amounts);
    }

    private static String line(List<String> cells, List<Column> columns, BinaryOperator<String> style) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> {
                    var cell = columns.get(i).cut(cells.get(i));
                    return style.apply(cell, columns.get(i).pad(cell));
                })
                .collect(Collectors.joining(GAP)).stripTrailing();
    }
}
