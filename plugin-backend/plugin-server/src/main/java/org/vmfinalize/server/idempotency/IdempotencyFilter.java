package org.vmfinalize.server.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/// Keeps the answers to requests with a key. Innermost, behind the limit of the body's length.
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class IdempotencyFilter extends OncePerRequestFilter {

    private final IdempotentAnswers answers;

    IdempotencyFilter(IdempotentAnswers answers) {
        this.answers = answers;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(IdempotencyInterceptor.HEADER) == null
                || request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        var again = new ReadableAgain(request);
        var answer = new ContentCachingResponseWrapper(response);
        boolean answered = false;
        try {
            chain.doFilter(again, answer);
            answered = true;
        } finally {
            end(again, answer, answered);
        }
        answer.copyBodyToResponse();
    }

    private void end(HttpServletRequest request, ContentCachingResponseWrapper answer, boolean answered) {
        if (request.getAttribute(Claim.ATTRIBUTE) instanceof Claim claim) {
            if (answered && isKept(answer.getStatus())) {
                answers.answered(claim, new AnswerStore.Answer(claim.hash(), answer.getStatus(),
                        answer.getContentType(), answer.getHeader(HttpHeaders.LOCATION),
                        new String(answer.getContentAsByteArray(), UTF_8)), answer.getStatus());
            } else {
                answers.failed(claim);
            }
        }
    }

    /// What may be otherwise the next time, though the request is the same, is tried again.
    private static boolean isKept(int status) {
        return status < HttpStatus.INTERNAL_SERVER_ERROR.value()
                && status != HttpStatus.UNAUTHORIZED.value()
                && status != HttpStatus.TOO_MANY_REQUESTS.value();
    }
}
