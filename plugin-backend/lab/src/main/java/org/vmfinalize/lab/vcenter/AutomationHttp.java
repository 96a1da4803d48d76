package org.vmfinalize.lab.vcenter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Ref;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What of the Automation API the lab's vCenter has: sessions, and the reading of tags.
final class AutomationHttp {

    private static final String HEADER = "vmware-api-session-id";
    private static final String TAGGING = "/api/cis/tagging/";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final World world;
    private final Sessions sessions;
    private final LabTags tags;
    private final Map<String, LabSession> byToken = new HashMap<>();

    AutomationHttp(World world, Sessions sessions, LabTags tags) {
        this.world = world;
        this.sessions = sessions;
        this.tags = tags;
    }

    void addTo(HttpsServer server) {
        server.createContext("/api/session", exchange -> answer(exchange, this::session));
        server.createContext(TAGGING, exchange -> answer(exchange, this::tagging));
    }

    /// @param body null: none
    private record Reply(int status, @Nullable Object body) {}

    private interface Work {
        Reply of(HttpExchange exchange, JsonNode body);
    }

    private void answer(HttpExchange exchange, Work work) throws IOException {
        try (exchange) {
            var request = LabHttp.body(exchange);
            var reply = world.locked(() -> {
                try {
                    return work.of(exchange,
                            request.length == 0 ? JSON.createObjectNode() : JSON.readTree(request));
                } catch (JacksonException e) {
                    return new Reply(400, null);
                }
            });
            var body = reply.body == null ? new byte[0] : JSON.writeValueAsBytes(reply.body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Reply session(HttpExchange exchange, JsonNode body) {
        return switch (exchange.getRequestMethod()) {
            case "POST" -> logIn(exchange.getRequestHeaders().getFirst("Authorization"));
            case "DELETE" -> new Reply(byToken.remove(token(exchange)) == null ? 401 : 204, null);
            default -> new Reply(405, null);
        };
    }

    private Reply logIn(@Nullable String authorization) {
        try {
            var given = String.valueOf(authorization).replaceFirst("^Basic ", "");
            var parts = new String(Base64.getDecoder().decode(given), UTF_8).split(":", 2);
            var token = UUID.randomUUID().toString().replace("-", "");
            byToken.put(token, sessions.login(parts[0], parts.length == 2 ? parts[1] : ""));
            return new Reply(201, token);
        } catch (LabFault | IllegalArgumentException _) {
            return new Reply(401, null);
        }
    }

    private static String token(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(HEADER));
    }

    /// A session is one of both APIs: what ends the one ends the other.
    private boolean isIn(HttpExchange exchange) {
        return Optional.ofNullable(byToken.get(token(exchange)))
                .flatMap(session -> sessions.find(session.cookie())).isPresent();
    }

    private Reply tagging(HttpExchange exchange, JsonNode body) {
        if (!isIn(exchange)) {
            return new Reply(401, null);
        }
        var uri = exchange.getRequestURI();
        var what = exchange.getRequestMethod() + " " + uri.getRawPath().substring(TAGGING.length());
        if (what.equals("POST tag-association")
                && "action=list-attached-tags-on-objects".equals(uri.getRawQuery())) {
            return attached(body);
        }
        var id = URLDecoder.decode(what.substring(what.lastIndexOf('/') + 1), UTF_8);
        return (what.startsWith("GET tag/")
                ? tags.tag(id).<Object>map(tag -> Map.of("id", id, "category_id", tag.category(), "name",
                        tag.name(), "description", "", "used_by", List.of()))
                : what.startsWith("GET category/")
                        ? tags.category(id).<Object>map(name -> Map.of("id", id, "name", name, "description",
                                "", "cardinality", "SINGLE", "associable_types", List.of(), "used_by",
                                List.of()))
                        : Optional.empty())
                .map(found -> new Reply(200, found)).orElse(new Reply(404, null));
    }

    private Reply attached(JsonNode body) {
        if (!body.path("object_ids").isArray()) {
            return new Reply(400, null);
        }
        return new Reply(200, body.path("object_ids").valueStream()
                .map(id -> new Ref(id.path("type").asString(""), id.path("id").asString("")))
                .filter(ref -> !tags.attachedTo(ref).isEmpty())
                .map(ref -> Map.of("object_id", Map.of("type", ref.type(), "id", ref.id()), "tag_ids",
                        tags.attachedTo(ref)))
                .toList());
    }
}
