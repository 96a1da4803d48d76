package org.vmfinalize.terminal;

import org.jline.utils.WCWidth;

/// How many columns of a terminal a text takes: a Chinese character two, an accent of its own none.
///
/// **Threads:** any number.
final class Columns {

    private Columns() {}

    /// @param text without control characters
    static int of(String text) {
        return text.codePoints().map(WCWidth::wcwidth).sum();
    }

    /// The longest beginning of a text that fits into so many columns.
    static String first(String text, int columns) {
        int end = 0;
        for (int left = columns; end < text.length();) {
            int character = text.codePointAt(end);
            left -= WCWidth.wcwidth(character);
            if (left < 0) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end);
    }

    /// The longest end of a text that fits into so many columns.
    static String last(String text, int columns) {
        int begin = text.length();
        for (int left = columns; begin > 0;) {
            int character = text.codePointBefore(begin);
            left -= WCWidth.wcwidth(character);
            if (left < 0) {
                break;
            }
            begin -= Character.charCount(character);
        }
        return text.substring(begin);
    }
}
