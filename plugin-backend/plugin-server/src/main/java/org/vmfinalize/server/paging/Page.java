package org.vmfinalize.server.paging;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/// A part of a list.
///
/// @param total how many items there are that the filters let through
/// @param next the `cursor` of the part that follows; none: this is the last
public record Page<T>(List<T> items, int total, @Nullable String next) {

    public Page {
        items = List.copyOf(items);
    }

    /// The same part of what is made of each item; an item that is gone by now is left out.
    public <R> Page<R> map(Function<T, Optional<R>> view) {
        return new Page<>(items.stream().map(view).flatMap(Optional::stream).toList(), total, next);
    }

    /// An answer of this page, with the header `Link`. For the thread that serves the request.
    public ResponseEntity<Page<T>> answer() {
        var answer = ResponseEntity.ok();
        link(next).ifPresent(link -> answer.header(HttpHeaders.LINK, link));
        return answer.body(this);
    }

    /// The header `Link` for the part that begins at `next`, relative to the server: behind the vSphere Client's proxy the
    /// server does not know its own address.
    public static Optional<String> link(@Nullable String next) {
        if (next == null) {
            return Optional.empty();
        }
        var uri = ServletUriComponentsBuilder.fromCurrentRequest().scheme(null).host(null).port(null)
                .replaceQueryParam("cursor", next).build();
        return Optional.of("<%s>; rel=\"next\"".formatted(uri.toUriString()));
    }
}
