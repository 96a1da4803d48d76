package org.vmfinalize.server.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// The header `If-Match`: change something only if it is still as the caller has seen it (RFC 9110, section 13.1.1).
///
/// @param header as it came; none: change it in any case
public record IfMatch(@Nullable String header) {

    /// Compares strongly: a weak tag matches nothing.
    ///
    /// @param thing how people call it
    /// @param tag of what there is now, with its quotes
    /// @throws Problem PRECONDITION_FAILED
    public void require(String thing, String tag) {
        if (header != null && !header.strip().equals("*")
                && Arrays.stream(header.split(",")).map(String::strip).noneMatch(tag::equals)) {
            throw new Problem(ProblemType.PRECONDITION_FAILED,
                    "%s: it must be as If-Match says but has the tag %s; read it again".formatted(thing, tag))
                    .with("etag", tag);
        }
    }
}
