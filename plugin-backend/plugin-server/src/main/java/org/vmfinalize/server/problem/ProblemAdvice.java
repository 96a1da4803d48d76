package org.vmfinalize.server.problem;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import tools.jackson.databind.exc.MismatchedInputException;

/// Turns every exception of a request into problem details. Nobody outside sees a stack trace or a class name.
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler(Problem.class)
    ResponseEntity<Object> problem(Problem problem) {
        var headers = new HttpHeaders();
        if (problem.type() == ProblemType.UNAUTHORIZED) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.type().status() == HttpStatus.INTERNAL_SERVER_ERROR) {
            LOG.error("{}", problem.getMessage(), problem);
        }
        return answer(problem, headers);
    }

    @ExceptionHandler(VCenterUnavailableException.class)
    ResponseEntity<Object> vCenterIsAway(VCenterUnavailableException e) {
        return answer(new Problem(ProblemType.VCENTER_UNAVAILABLE, e.getMessage(), e), new HttpHeaders());
    }

    @ExceptionHandler(VCenterFault.class)
    ResponseEntity<Object> vCenterRefused(VCenterFault fault) {
        return answer(fromFault(fault), new HttpHeaders());
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<Object> anythingElse(Exception e) {
        LOG.error("a request failed for a reason that nobody foresaw; the server goes on", e);
        return answer(new Problem(ProblemType.INTERNAL_ERROR,
                "server: the request failed for a reason that is in the server's log; try again, then report it"),
                new HttpHeaders());
    }

    /// Spring's own refusals: unknown paths, wrong methods, bodies that are no JSON.
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(Exception e, @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status, WebRequest request) {
        if (status.is5xxServerError()) {
            LOG.error("a request failed in the web layer; the server goes on", e);
        }
        return answer(new Problem(typeOf(status), detailOf(e, status)), headers);
    }

    static ProblemType typeOf(HttpStatusCode status) {
        return switch (status.value()) {
            case 401 -> ProblemType.UNAUTHORIZED;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 412 -> ProblemType.PRECONDITION_FAILED;
            case 413 -> ProblemType.REQUEST_TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> ProblemType.TOO_MANY_REQUESTS;
            default -> status.is5xxServerError() ? ProblemType.INTERNAL_ERROR : ProblemType.BAD_REQUEST;
        };
    }

    private static String detailOf(Exception e, HttpStatusCode status) {
        if (e.getCause() instanceof MismatchedInputException mistake) {
            return BodyMistake.detail(mistake);
        }
        if (e instanceof HttpMessageNotReadableException) {
            // The parser's message quotes the body, which may hold a password.
            return "request body: must be JSON of the form that the API describes but was not; check commas, quotes and brackets";
        }
        if (e instanceof MethodArgumentNotValidException invalid) {
            return invalid.getFieldErrors()
                    .stream()
                    .map(field -> field.getField() + ": " + field.getDefaultMessage())
                    .sorted()
                    .collect(Collectors.joining("; "));
        }
        if (e instanceof ErrorResponse response) {
            var detail = response.getBody().getDetail();
            if (detail != null && !status.is5xxServerError()) {
                return "request: " + detail;
            }
        }
        return "request: " + HttpStatus.valueOf(status.value()).getReasonPhrase();
    }

    private static Problem fromFault(VCenterFault fault) {
        return switch (fault.type()) {
            case VCenterFault.NOT_AUTHENTICATED -> new Problem(ProblemType.UNAUTHORIZED,
                    "session: vCenter has ended it; log in again", fault);
            case VCenterFault.NO_PERMISSION -> new Problem(ProblemType.FORBIDDEN, fault.getMessage(), fault)
                    .with("privileges", fault.detail());
            default -> new Problem(ProblemType.VCENTER_REFUSED, fault.getMessage(), fault);
        };
    }

    private static ResponseEntity<Object> answer(Problem problem, HttpHeaders headers) {
        return ResponseEntity.status(problem.type().status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.toDetail());
    }
}
