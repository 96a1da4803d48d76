package org.vmfinalize.units;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Which names somebody may have meant.
public final class NearestNames {

    private static final int MOST = 3;

    private NearestNames() {}

    /// Those that differ in few letters or contain the word, the nearest first; none if nothing is near.
    public static List<String> of(String word, Collection<String> names) {
        int bound = Math.max(2, word.length() / 3);
        return names.stream()
                .distinct()
                .filter(name -> contains(name, word) || distance(word, name) <= bound)
                .sorted(Comparator.comparingInt((String name) -> distance(word, name))
                        .thenComparing(name -> name))
                .limit(MOST)
                .toList();
    }

    private static boolean contains(String name, String word) {
        return name.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT));
    }

    /// How many letters must be put in, taken out, replaced, or swapped with their neighbour (optimal string alignment),
    /// whatever their case.
    private static int distance(String from, String to) {
        var a = from.toLowerCase(Locale.ROOT);
        var b = to.toLowerCase(Locale.ROOT);
        var table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int replaced = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                table[i][j] = Math.min(replaced, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
                }
            }
        }
        return table[a.length()][b.length()];
    }
}
