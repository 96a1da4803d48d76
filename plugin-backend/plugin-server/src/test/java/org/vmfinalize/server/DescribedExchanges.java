package org.vmfinalize.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Compares requests and answers with what the server's own description says of them.
///
/// Of an answer all must be described: its status, its media type, each of its fields, and of a problem its type. Of a
/// request that was carried out its parameters and its body must be; one that was refused may have been anything.
final class DescribedExchanges {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String API = "/api/v1/";

    private final JsonNode description;
    private final SchemaRegistry registry = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    DescribedExchanges(String document) {
        this.description = JSON.readTree(document);
        // A field that is not described is a mistake in the description here, though clients must take it.
        description.get("components").get("schemas").forEach(schema -> {
            if (schema.has("properties") && !schema.get("properties").has("remedy")) {
                ((ObjectNode) schema).put("additionalProperties", false);
            }
        });
    }

    /// The description itself.
    JsonNode document() {
        return description;
    }

    /// @param body of the request
    /// @throws AssertionError if something is not as described
    void check(String method, String pathAndQuery, @Nullable String body, HttpResponse<String> response) {
        check(method, pathAndQuery, body, response.statusCode(),
                response.headers().firstValue("content-type").orElse(""), response.body());
    }

    /// The same of an answer that nobody gave.
    void check(String method, String pathAndQuery, @Nullable String body, int status, String mediaType,
            String answer) {
        if (!pathAndQuery.startsWith(API)) {
            return;
        }
        var where = method + " " + pathAndQuery;
        var operation = operation(method, pathAndQuery.replaceFirst("\\?.*", ""));
        if (operation.isEmpty()) {
            require(status == 404 || status == 405 || status == 400, where + ": answered but not described");
            return;
        }
        checkAnswer(where, operation.get(), status, mediaType.replaceFirst(";.*", ""), answer);
        if (status < 300) {
            checkQuery(where, operation.get(), pathAndQuery);
            checkBody(where, operation.get(), body);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    private void checkAnswer(String where, JsonNode operation, int status, String mediaType, String answer) {
        var response = operation.get("responses").get(Integer.toString(status));
        require(response != null, "%s: status %d is not described: %s".formatted(where, status, answer));
        if (answer.isEmpty()) {
            require(status == 304 || !response.has("content"), where + ": a body is described but none came");
            return;
        }
        var content = response.path("content").path(mediaType);
        require(content.has("schema"),
                "%s: status %d with %s is not described".formatted(where, status, mediaType));
        if (mediaType.contains("json")) {
            checkJson(where + ": the answer", content.get("schema"), JSON.readTree(answer));
        }
    }

    private void checkQuery(String where, JsonNode operation, String pathAndQuery) {
        if (!pathAndQuery.contains("?")) {
            return;
        }
        for (var pair : pathAndQuery.replaceFirst("^[^?]*\\?", "").split("&", -1)) {
            var parts = Arrays.stream(pair.split("=", 2)).map(part -> URLDecoder.decode(part, UTF_8))
                    .toList();
            var parameter = operation.path("parameters").valueStream()
                    .filter(one -> one.get("in").asString().equals("query")
                            && one.get("name").asString().equals(parts.getFirst()))
                    .findFirst();
            require(parameter.isPresent(), "%s: parameter %s is taken but not described".formatted(where,
                    parts.getFirst()));
            checkJson(where + ": parameter " + parts.getFirst(), parameter.orElseThrow().get("schema"),
                    value(parts.getLast(), parameter.orElseThrow().get("schema")));
        }
    }

    /// A parameter's text as that which its schema says it is.
    private static JsonNode value(String text, JsonNode schema) {
        return switch (schema.path("type").asString("string")) {
            case "string" -> JSON.getNodeFactory().stringNode(text);
            case "array" -> {
                var all = JSON.createArrayNode();
                Arrays.stream(text.split(",", -1)).forEach(all::add);
                yield all;
            }
            default -> JSON.readTree(text);
        };
    }

    private void checkBody(String where, JsonNode operation, @Nullable String body) {
        var described = operation.path("requestBody");
        if (body == null || body.isEmpty()) {
            require(!described.path("required").asBoolean(false), where + ": done without the body it needs");
        } else if (described.has("content")) {
            checkJson(where + ": the request", described.get("content").get("application/json").get("schema"),
                    JSON.readTree(body));
        }
    }

    private void checkJson(String what, JsonNode schema, JsonNode json) {
        var errors = schemas.computeIfAbsent(schema.toString(), _ -> compiled(schema)).validate(json);
        require(errors.isEmpty(), "%s is not as described: %s: %s".formatted(what, errors, json));
    }

    private Schema compiled(JsonNode schema) {
        var root = JSON.createObjectNode();
        root.setAll((ObjectNode) schema);
        root.set("components", description.get("components"));
        return registry.getSchema(root);
    }

    /// The operation of a path, the one with the fewest parameters if several fit.
    private Optional<JsonNode> operation(String method, String path) {
        return description.get("paths").properties().stream()
                .filter(one -> path.matches(one.getKey().replace(".", "\\.")
                        .replaceAll("\\{[^}]*}", "[^/]+")))
                .sorted((a, b) -> Long.compare(parameters(a.getKey()), parameters(b.getKey())))
                .map(one -> one.getValue().get(method.toLowerCase(Locale.ROOT)))
                .filter(one -> one != null).findFirst();
    }

    private static long parameters(String template) {
        return template.chars().filter(c -> c == '{').count();
    }
}
