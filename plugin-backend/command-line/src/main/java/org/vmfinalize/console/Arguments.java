package org.vmfinalize.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;

/// Named arguments of a verb, as Groovy passes them, on their way to the REST API's form.
final class Arguments {

    private final String verb;
    private final Map<String, Object> given;
    private final Map<String, Object> request = new LinkedHashMap<>();

    Arguments(String verb, Map<String, ?> given) {
        this.verb = verb;
        this.given = new LinkedHashMap<>(given);
    }

    Arguments put(String field, Object value) {
        request.put(field, value);
        return this;
    }

    /// Takes an argument as it is.
    Arguments take(String... names) {
        for (var name : names) {
            take(name, name, value -> value instanceof CharSequence ? value.toString() : value);
        }
        return this;
    }

    /// Takes a rate such as `'200 MB/s'`, or a number of bytes per second.
    Arguments takeRate(String name, String field) {
        return take(name, field,
                value -> value instanceof Number ? value : Bytes.parsePerSecond(String.valueOf(value)));
    }

    /// Takes a time such as `'20 ms'`, or a number of milliseconds.
    Arguments takeMillis(String name, String field) {
        return take(name, field,
                value -> value instanceof Number ? value : Times.parse(String.valueOf(value)).toMillis());
    }

    Arguments take(String name, String field, Function<Object, Object> form) {
        if (given.containsKey(name)) {
            request.put(field, form.apply(given.remove(name)));
        }
        return this;
    }

    /// The request's form.
    ///
    /// @throws ConsoleException if an argument was given that nobody took
    Map<String, Object> request() {
        if (!given.isEmpty()) {
            throw new ConsoleException("%s: takes %s but was given '%s'".formatted(verb,
                    request.isEmpty() ? "no such argument" : "other arguments",
                    given.keySet().iterator().next()));
        }
        return request;
    }
}
