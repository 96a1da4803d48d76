package org.vmfinalize.places.http;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.remote.PassingException;

/// What the head of a reply to a request for a range says (RFC 9110, sections 14 and 15).
final class RangeReply {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

    private RangeReply() {}

    /// The size of the whole file that a reply of status 206 to `[start, end)` tells.
    ///
    /// @throws IOException if it is not the range that was asked for
    static long wholeSize(HttpHeaders headers, long start, long end) throws IOException {
        String range = headers.firstValue("content-range").orElse("");
        var matcher = CONTENT_RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new IOException("a part must say which one it is (Content-Range) but says '%s'".formatted(
                    shown(range)));
        }
        if (Long.parseLong(matcher.group(1)) != start || Long.parseLong(matcher.group(2)) != end - 1) {
            throw new IOException("the part must be bytes %d-%d, as asked for, but is '%s'".formatted(start,
                    end - 1, shown(range)));
        }
        var length = length(headers);
        if (length.isPresent() && length.getAsLong() != end - start) {
            throw new IOException("the part must be %d bytes but is said to be %d".formatted(end - start,
                    length.getAsLong()));
        }
        String encoding = headers.firstValue("content-encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new IOException("the file must come as it is but comes encoded as '%s'".formatted(shown(
                    encoding)));
        }
        return Long.parseLong(matcher.group(3));
    }

    private static OptionalLong length(HttpHeaders headers) throws IOException {
        try {
            return headers.firstValueAsLong("content-length");
        } catch (NumberFormatException e) {
            throw new IOException("Content-Length must be a number", e);
        }
    }

    /// Why a reply of another status than 206 brings no bytes.
    static IOException refusal(int status, HttpHeaders headers) {
        return switch (status) {
            case 200 -> new IOException(
                    "the server must give parts of files (ranges) but gives the whole file; use one that does");
            case 401, 403 -> new IOException(
                    "the server refuses it (HTTP %d); check the credentials and what they allow".formatted(
                            status));
            case 404, 410 -> new BackupNotFoundException(
                    "there is no such file (HTTP %d); check the location".formatted(status));
            case 412, 416 -> changed();
            case 408, 425, 429, 500, 502, 503, 504 -> new PassingException(
                    "the server cannot answer now (HTTP %d)".formatted(status), retryAfter(headers));
            default -> new IOException("the server answers with HTTP %d".formatted(status));
        };
    }

    static IOException changed() {
        return new IOException("the backup has been changed since it was opened; put the right one back");
    }

    /// Seconds or a date (RFC 9110, section 10.2.3); zero if it says nothing that makes sense.
    private static Duration retryAfter(HttpHeaders headers) {
        String text = headers.firstValue("retry-after").orElse("").strip();
        try {
            Duration asked = text.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(Instant.now(),
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            return asked.isNegative()
                    ? Duration.ZERO
                    : asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
        } catch (DateTimeParseException _) {
            return Duration.ZERO;
        }
    }

    private static String shown(String header) {
        String clean = header.replaceAll("\\p{Cntrl}", "?");
        return clean.substring(0, Math.min(100, clean.length()));
    }
}
