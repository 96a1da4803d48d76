package org.vmfinalize.console;

import groovy.lang.Closure;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.units.NearestNames;
import org.vmfinalize.units.Times;

/// The word `options` of scripts: reads a script's arguments, and refuses what makes no sense.
///
/// `def given = options(from: LocalTime.of(22, 0), dayLimit: '50 MB/s', folder: required)` takes `--from`, `--day-limit`
/// and `--folder`. What an option holds has the type of its default: a text, a whole number, a time of the day, a time
/// such as `2 h`; `false` makes a switch of it, `required` is none.
public final class ScriptOptions extends Closure<Map<String, @Nullable Object>> {

    /// The default of an option that must be given.
    public static final Object REQUIRED = new Object();

    private final transient List<String> arguments;

    /// @param arguments of the script
    public ScriptOptions(List<String> arguments) {
        super(ScriptOptions.class);
        this.arguments = List.copyOf(arguments);
    }

    /// Called by Groovy, by its name.
    ///
    /// @param defaults of all options that there are, by their names in camel case; null: none
    /// @throws ConsoleException if an argument is wrong
    public Map<String, @Nullable Object> doCall(Map<String, @Nullable Object> defaults) {
        var given = new LinkedHashMap<String, @Nullable Object>(defaults);
        var left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            take(left, defaults, given);
        }
        given.forEach((name, value) -> {
            if (value == REQUIRED) {
                throw new ConsoleException(
                        "%s: must be given but is not; --help tells what for".formatted(option(name)));
            }
        });
        return given;
    }

    private static void take(Deque<String> left, Map<String, @Nullable Object> defaults,
            Map<String, @Nullable Object> given) {
        var word = left.remove().split("=", 2);
        var name = defaults.keySet().stream().filter(each -> option(each).equals(word[0])).findFirst()
                .orElseThrow(() -> unknown(word[0], defaults));
        var standard = defaults.get(name);
        if (standard instanceof Boolean) {
            given.put(name, true);
            return;
        }
        var text = word.length == 2 ? word[1] : left.poll();
        if (text == null) {
            throw new ConsoleException("%s: must have a value but has none".formatted(word[0]));
        }
        given.put(name, valueOf(word[0], text, standard));
    }

    private static Object valueOf(String option, String text, @Nullable Object standard) {
        try {
            return switch (standard) {
                case LocalTime _ -> LocalTime.parse(text);
                case Duration _ -> Times.parse(text);
                case Integer _ -> Integer.valueOf(text);
                case null, default -> text;
            };
        } catch (DateTimeParseException _) {
            throw new ConsoleException(
                    "%s: must be a time of the day such as 22:00 but was '%s'".formatted(option, text));
        } catch (NumberFormatException _) {
            throw new ConsoleException("%s: must be a whole number but was '%s'".formatted(option, text));
        } catch (IllegalArgumentException e) {
            throw new ConsoleException("%s: %s".formatted(option, e.getMessage()));
        }
    }

    private static ConsoleException unknown(String word, Map<String, @Nullable Object> defaults) {
        var all = defaults.keySet().stream().map(ScriptOptions::option).toList();
        var near = NearestNames.of(word, all);
        return new ConsoleException("%s: no such option; %s".formatted(word, near.isEmpty()
                ? "there are " + all.stream().sorted().collect(Collectors.joining(", "))
                : "did you mean %s?".formatted(String.join(" or ", near))));
    }

    /// `dayLimit` is `--day-limit`.
    private static String option(String name) {
        return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
