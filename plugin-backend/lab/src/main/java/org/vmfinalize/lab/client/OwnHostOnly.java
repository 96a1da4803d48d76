package org.vmfinalize.lab.client;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses requests that were not meant for the loopback address by name, since a foreign page whose name was made to
/// point here (DNS rebinding) sends its own name; and those that a page of another origin makes the browser send.
final class OwnHostOnly extends Filter {

    private final Set<String> names;

    OwnHostOnly(int port) {
        this.names = Set.of("127.0.0.1:" + port, "localhost:" + port);
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        @Nullable
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null || !names.contains(host)) {
            Answer.text(exchange, 421,
                    "This is the lab's page; open it as http://" + names.iterator().next() + "/");
            return;
        }
        @Nullable
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (origin != null && !origin.equals("http://" + host)) {
            Answer.text(exchange, 403, "This is for the lab's own page only.");
            return;
        }
        chain.doFilter(exchange);
    }

    @Override
    public String description() {
        return "refuses foreign host names and origins";
    }
}
