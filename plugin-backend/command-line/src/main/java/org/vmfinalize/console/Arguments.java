package org.vmfinalize.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.NearestNames;
import org.vmfinalize.units.Times;

/// Named arguments of a verb, as Groovy passes them, on their way to the REST API's form.
final class Arguments {

    private final String verb;
    private final List<String> known;
    private final Map<String, Object> given;
    private final Map<String, Object> request = new LinkedHashMap<>();

    /// @param known the names that there are
    /// @throws ConsoleException if there is none of a name that was given
    Arguments(String verb, Map<String, ?> given, List<String> known) {
        this.verb = verb;
        this.known = known;
        this.given = new LinkedHashMap<>(given);
        given.keySet().stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw unknown(name);
        });
    }

    private ConsoleException unknown(String name) {
        var near = NearestNames.of(name, known);
        return new ConsoleException("%s: takes no '%s'; %s".formatted(verb, name, near.isEmpty()
                ? "it takes " + String.join(", ", known)
                : "did you mean %s?".formatted(String.join(" or ", near))));
    }

    Arguments put(String field, Object value) {
        request.put(field, value);
        return this;
    }

    /// Takes all that is left as it is.
    Arguments takeOthers() {
        for (var name : known) {
            take(name, name, value -> value instanceof CharSequence ? value.toString() : value);
        }
        return this;
    }

    /// Takes a rate such as `'200 MB/s'`, or a number of bytes per second.
    Arguments takeRate(String name, String field) {
        return take(name, field,
                value -> value instanceof Number ? value : Bytes.parsePerSecond(String.valueOf(value)));
    }

    /// Takes a time such as `'20 ms'`, or a number of milliseconds; `'auto'` is 0.
    Arguments takeMillis(String name, String field) {
        return take(name, field,
                value -> value instanceof Number ? value : Times.parseMillis(String.valueOf(value)));
    }

    Arguments take(String name, String field, Function<Object, Object> form) {
        if (given.containsKey(name)) {
            try {
                request.put(field, form.apply(given.remove(name)));
            } catch (IllegalArgumentException e) {
                throw new ConsoleException("%s: %s: %s".formatted(verb, name, e.getMessage()), e);
            }
        }
        return this;
    }

    /// The request's form.
    Map<String, Object> request() {
        return request;
    }
}
