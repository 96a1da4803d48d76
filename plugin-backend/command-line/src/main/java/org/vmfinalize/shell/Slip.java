package org.vmfinalize.shell;

import groovy.lang.MissingMethodException;
import groovy.lang.MissingPropertyException;
import groovy.lang.Script;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.console.Language;
import org.vmfinalize.units.NearestNames;

/// A word, a verb or a property of the language that does not exist, and what may have been meant.
public final class Slip {

    private Slip() {}

    /// What to tell in place of Groovy's own words; none if it is something else.
    public static Optional<String> told(Throwable failure) {
        return switch (failure) {
            case MissingMethodException slip -> told(slip.getMethod(), slip.getType());
            case MissingPropertyException slip -> told(slip.getProperty(), slip.getType());
            default -> Optional.empty();
        };
    }

    private static Optional<String> told(String name, Class<?> type) {
        if (Script.class.isAssignableFrom(type)) {
            return told("%s: there is no such word".formatted(name), name, Language.words());
        }
        return told("%s: %s has none".formatted(name, type.getSimpleName()), name,
                new Answered(type).members());
    }

    private static Optional<String> told(String what, String name, List<String> there) {
        var names = there.stream().map(each -> each.replaceFirst("\\(\\)?$", "")).toList();
        if (names.isEmpty() || names.contains(name)) {
            return Optional.empty();
        }
        var near = NearestNames.of(name, names);
        return Optional.of("%s; %s".formatted(what, near.isEmpty()
                ? "there are " + String.join(", ", names)
                : "did you mean %s?".formatted(String.join(" or ", near))));
    }
}
