package org.vmfinalize.server.paging;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Which part of a list is asked for. Its components are the names of the query's parameters.
///
/// @param limit how many items at most, 1 to 500; not said: 500
/// @param cursor what an earlier answer gave as `next`
/// @param sort by what, with `-` before it from the greatest on
public record PageRequest(@Nullable Integer limit, @Nullable String cursor, @Nullable String sort) {

    /// The most that one answer has.
    public static final int MAX_LIMIT = 500;

    /// @throws Problem BAD_REQUEST
    int checkedLimit() {
        if (limit == null) {
            return MAX_LIMIT;
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "limit: must be 1 to %d but was %d".formatted(MAX_LIMIT, limit));
        }
        return limit;
    }

    Optional<String> given() {
        return Optional.ofNullable(cursor).filter(text -> !text.isBlank());
    }
}
