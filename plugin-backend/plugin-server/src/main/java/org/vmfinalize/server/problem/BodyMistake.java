package org.vmfinalize.server.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// What is said of a field of a body that is not as the API describes it. Values are not quoted: one may be a password.
final class BodyMistake {

    private static final int LONGEST = 40;

    private BodyMistake() {}

    static String detail(MismatchedInputException e) {
        return e instanceof UnrecognizedPropertyException unknown
                ? unknown(unknown)
                : "request body: %s: must be of the type that the API describes but was not; check quotes and brackets"
                        .formatted(path(e, "it"));
    }

    /// Names the field, that which was probably meant, and all that there are.
    private static String unknown(UnrecognizedPropertyException e) {
        var known = e.getKnownPropertyIds() == null
                ? List.<String>of()
                : e.getKnownPropertyIds().stream().map(Object::toString).sorted().toList();
        var name = e.getPropertyName();
        return "request body: there is no field '%s'; %s".formatted(path(e, name), known.isEmpty()
                ? "leave it out"
                : "did you mean '%s'? There are %s".formatted(nearest(name, known),
                        String.join(", ", known)));
    }

    /// The names of the fields around it and its own, which tell it from one of the same name elsewhere.
    private static String path(MismatchedInputException e, String otherwise) {
        return shortened(e.getPath().stream().map(Reference::getPropertyName).filter(Objects::nonNull)
                .reduce((outer, inner) -> outer + "." + inner).orElse(otherwise));
    }

    private static String shortened(String text) {
        return (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text).replaceAll("\\p{C}", "?");
    }

    private static String nearest(String name, Collection<String> known) {
        var word = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
        return known.stream().min(Comparator.comparingInt(one -> edits(word, one))).orElseThrow();
    }

    /// How many letters must be put in, taken out or replaced (Levenshtein's distance), whatever their case.
    private static int edits(String from, String to) {
        var a = from.toLowerCase(Locale.ROOT);
        var b = to.toLowerCase(Locale.ROOT);
        var row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
