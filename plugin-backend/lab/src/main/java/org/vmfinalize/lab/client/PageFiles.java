package org.vmfinalize.lab.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The page's own files and Clarity's style sheet, out of the class path.
final class PageFiles implements HttpHandler {

    /// No dots but the one before the ending: a path can name nothing outside of the page's folder.
    private static final Pattern FILE = Pattern.compile("/((?:[a-zA-Z0-9-]+/){0,3}[a-zA-Z0-9-]+\\.([a-z]+))");
    private static final String STYLE_SHEET = "/webjars/clr__ui/16.0.3/clr-ui.min.css";
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml", "png",
            "image/png");

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals(STYLE_SHEET)) {
            answer(exchange, "/META-INF/resources" + STYLE_SHEET, "css");
            return;
        }
        Matcher file = FILE.matcher(path.equals("/") ? "/index.html" : path);
        if (file.matches()) {
            answer(exchange, "page/" + file.group(1), file.group(2));
        } else {
            Answer.text(exchange, 404, "not found");
        }
    }

    private static void answer(HttpExchange exchange, String resource, String ending) throws IOException {
        @Nullable
        String type = TYPES.get(ending);
        try (@Nullable
        InputStream content = PageFiles.class.getResourceAsStream(resource)) {
            if (content == null || type == null) {
                Answer.text(exchange, 404, "not found");
            } else {
                Answer.bytes(exchange, 200, type, content.readAllBytes());
            }
        }
    }
}
