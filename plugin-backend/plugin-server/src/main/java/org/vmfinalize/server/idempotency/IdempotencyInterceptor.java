package org.vmfinalize.server.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.WebUtils;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;

/// Claims the key of a request once it is known who asks, or gives the answer that was given before.
@Component
class IdempotencyInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    static final String HEADER = "Idempotency-Key";

    /// After that which finds the caller.
    private static final int ORDER = 10;

    private final IdempotentAnswers answers;

    IdempotencyInterceptor(IdempotentAnswers answers) {
        this.answers = answers;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).order(ORDER);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        var key = request.getHeader(HEADER);
        var again = WebUtils.getNativeRequest(request, ReadableAgain.class);
        if (key == null || again == null || !(handler instanceof HandlerMethod method)
                || !method.hasMethodAnnotation(Idempotent.class)) {
            return true;
        }
        if (!key.matches(Idempotent.KEY)) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "Idempotency-Key: must be 1 to 128 visible ASCII characters but was something else");
        }
        var caller = (Caller) request.getAttribute(Caller.ATTRIBUTE);
        var claim = new Claim(caller.userName(), key, hash(request, again.body()));
        var before = answers.claim(claim);
        if (before.isEmpty()) {
            request.setAttribute(Claim.ATTRIBUTE, claim);
            return true;
        }
        give(before.get(), response);
        return false;
    }

    private static void give(AnswerStore.Answer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status() == null ? HttpServletResponse.SC_OK : answer.status());
        response.setHeader("Idempotent-Replayed", "true");
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        if (answer.location() != null) {
            response.setHeader(HttpHeaders.LOCATION, answer.location());
        }
        response.getOutputStream().write(answer.body().getBytes(UTF_8));
    }

    private static String hash(HttpServletRequest request, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("%s %s?%s\n".formatted(request.getMethod(), request.getRequestURI(),
                    request.getQueryString()).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
