package org.vmfinalize.lab.client;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Whole answers to a request.
final class Answer {

    /// The page and what it frames come from here alone; frames are shown inside of this page only.
    private static final String POLICY = "default-src 'self'; frame-ancestors 'self'; base-uri 'self'; "
            + "img-src 'self' data:; font-src 'self' data:; object-src 'none'";

    private Answer() {}

    static void text(HttpExchange exchange, int status, String text) throws IOException {
        bytes(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static void bytes(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        try (exchange; OutputStream out = exchange.getResponseBody()) {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean headOnly = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, headOnly || body.length == 0 ? -1 : body.length);
            if (!headOnly) {
                out.write(body);
            }
        }
    }
}
