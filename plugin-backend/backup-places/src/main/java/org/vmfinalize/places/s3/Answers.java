package org.vmfinalize.places.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.remote.PassingException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/// Asks a server, and says what its refusals are worth.
final class Answers {

    private Answers() {}

    interface Question<T> {
        T ask();
    }

    /// Asks once.
    ///
    /// @throws PassingException if it is worth another try
    /// @throws BackupNotFoundException if there is no such object or bucket
    /// @throws IOException if the server refuses
    static <T> T of(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (AwsServiceException e) {
            throw refusal(e);
        } catch (UncheckedIOException e) {
            // From the credentials' provider, which may throw nothing else.
            throw e.getCause();
        } catch (SdkClientException e) {
            throw new PassingException("the server cannot be reached: " + reason(e), e);
        } catch (SdkException e) {
            throw new IOException("the request failed: " + reason(e), e);
        }
    }

    private static IOException refusal(AwsServiceException e) {
        var details = e.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "" : details.errorCode();
        if (code.equals("InvalidObjectState")) {
            return new IOException("the object is archived; restore it in the bucket first", e);
        }
        return switch (e.statusCode()) {
            case 404, 410 -> new BackupNotFoundException(
                    "there is no such object (HTTP 404 %s); check the location".formatted(code).strip(), e);
            case 412, 416 -> changed();
            case 401, 403 -> new IOException(
                    "the server refuses it (HTTP %d %s); check the credentials and what they allow".formatted(
                            e.statusCode(), code),
                    e);
            case 408, 425, 429, 500, 502, 503, 504 -> new PassingException(
                    "the server cannot answer now (HTTP %d %s)".formatted(e.statusCode(), code),
                    retryAfter(e));
            default -> new IOException("the server answers with HTTP %d %s".formatted(e.statusCode(), code),
                    e);
        };
    }

    static IOException changed() {
        return new IOException("the backup has been changed since it was opened; put the right one back");
    }

    private static Duration retryAfter(AwsServiceException e) {
        var details = e.awsErrorDetails();
        if (details == null || details.sdkHttpResponse() == null) {
            return Duration.ZERO;
        }
        return details.sdkHttpResponse().firstMatchingHeader("Retry-After")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    /// The innermost message, which names what happened; the outer ones name classes of the library.
    private static String reason(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null && inner.getCause().getMessage() != null) {
            inner = inner.getCause();
        }
        return String.valueOf(inner.getMessage()).replaceAll("\\p{Cntrl}", " ");
    }
}
