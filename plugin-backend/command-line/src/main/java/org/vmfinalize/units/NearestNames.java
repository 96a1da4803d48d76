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

    /// How many letters must be put in, taken out or replaced (Levenshtein's distance), whatever their case.
    private static int distance(String from, String to) {
        var a = from.toLowerCase(Locale.ROOT);
        var b = to.toLowerCase(Locale.ROOT);
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
