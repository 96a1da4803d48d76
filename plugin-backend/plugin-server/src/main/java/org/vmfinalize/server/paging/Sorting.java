package org.vmfinalize.server.paging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// In which orders a list can be had, and its part from any item on.
///
/// A cursor holds the place of the last item in the order, so that what comes or goes between two parts neither repeats
/// nor hides another item.
///
/// **Threads:** any number.
public final class Sorting<T> {

    private static final char SEPARATOR = '\0';

    private final Function<T, String> id;
    private final String byDefault;
    private final Map<String, Function<T, String>> keys;

    private Sorting(Function<T, String> id, String byDefault, Map<String, Function<T, String>> keys) {
        this.id = id;
        this.byDefault = byDefault;
        this.keys = keys;
    }

    /// A list without an order yet; add at least the one that is the default.
    ///
    /// @param id unique among the items
    /// @param byDefault the order if none is asked for, such as `-startedAt`
    public static <T> Sorting<T> by(Function<T, String> id, String byDefault) {
        return new Sorting<>(id, byDefault, Map.of());
    }

    /// The same with an order by text, without regard to case.
    public Sorting<T> text(String name, Function<T, String> value) {
        return with(name, item -> value.apply(item).toLowerCase(Locale.ROOT).replace(SEPARATOR, ' '));
    }

    /// The same with an order by number.
    public Sorting<T> number(String name, Function<T, Long> value) {
        // Shifted, so that negative numbers come first.
        return with(name, item -> "%016x".formatted(value.apply(item) ^ Long.MIN_VALUE));
    }

    /// The same with an order by time; what has none comes first.
    public Sorting<T> time(String name, Function<T, @Nullable Instant> value) {
        return number(name, item -> {
            var time = value.apply(item);
            return time == null ? Long.MIN_VALUE : time.toEpochMilli();
        });
    }

    private Sorting<T> with(String name, Function<T, String> key) {
        var more = new LinkedHashMap<>(keys);
        more.put(name, key);
        return new Sorting<>(id, byDefault, more);
    }

    /// The part of `all` that is asked for.
    ///
    /// @throws Problem BAD_REQUEST if there can be no such part
    public Page<T> page(List<T> all, PageRequest request) {
        return page(all, request, 0);
    }

    /// The same, `skipped` items later.
    public Page<T> page(List<T> all, PageRequest request, int skipped) {
        var sort = request.sort() == null || request.sort().isBlank() ? byDefault : request.sort().strip();
        boolean descending = sort.startsWith("-");
        var key = key(descending ? sort.substring(1) : sort);
        Function<T, String> place = item -> key.apply(item) + SEPARATOR + id.apply(item);
        var order = descending ? Comparator.<String>reverseOrder() : Comparator.<String>naturalOrder();
        var after = request.given().map(cursor -> decoded(cursor, sort));
        int limit = request.checkedLimit();
        var rest = all.stream().sorted(Comparator.comparing(place, order))
                .filter(item -> after.isEmpty() || order.compare(place.apply(item), after.get()) > 0)
                .skip(skipped).limit(limit + 1L).toList();
        boolean more = rest.size() > limit;
        var items = more ? rest.subList(0, limit) : rest;
        return new Page<>(items, all.size(),
                more ? encoded(sort, place.apply(items.getLast())) : null);
    }

    private Function<T, String> key(String name) {
        var key = keys.get(name);
        if (key == null) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "sort: must be one of %s, with '-' before it for the other direction, but was '%s'"
                            .formatted(String.join(", ", keys.keySet()),
                                    name.length() > 40 ? name.substring(0, 40) : name));
        }
        return key;
    }

    private static String encoded(String sort, String place) {
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString((sort + SEPARATOR + place).getBytes(UTF_8));
    }

    private static String decoded(String cursor, String sort) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
            if (text.startsWith(sort + SEPARATOR)) {
                return text.substring(sort.length() + 1);
            }
        } catch (IllegalArgumentException _) {
            // Told below, as every cursor that is not ours.
        }
        throw new Problem(ProblemType.BAD_REQUEST,
                "cursor: must be the `next` of an answer with the same sort but was something else; begin without one");
    }
}
