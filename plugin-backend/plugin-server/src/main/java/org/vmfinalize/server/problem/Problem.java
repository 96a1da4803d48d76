package org.vmfinalize.server.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;

/// A request cannot be done. The message is one line for users: which thing, why, what to do.
public final class Problem extends RuntimeException {

    private final ProblemType type;
    private final transient Map<String, Object> fields = new LinkedHashMap<>();

    public Problem(ProblemType type, String detail) {
        this(type, detail, null);
    }

    public Problem(ProblemType type, @Nullable String detail, @Nullable Throwable cause) {
        super(oneLine(detail == null ? type.title() : detail), cause);
        this.type = type;
    }

    /// Adds a fact that a program can use, such as the missing privilege. For the thread that makes the problem.
    public Problem with(String field, Object value) {
        fields.put(field, value);
        return this;
    }

    public ProblemType type() {
        return type;
    }

    /// What RFC 9457 calls the problem details object.
    public ProblemDetail toDetail() {
        var detail = ProblemDetail.forStatusAndDetail(type.status(), getMessage());
        detail.setType(type.uri());
        detail.setTitle(type.title());
        detail.setProperty("remedy", type.remedy());
        fields.forEach(detail::setProperty);
        return detail;
    }

    @Override
    public String getMessage() {
        var message = super.getMessage();
        return message == null ? type.title() : message;
    }

    private static String oneLine(String text) {
        var line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() <= 2000 ? line : line.substring(0, 2000) + "…";
    }
}
