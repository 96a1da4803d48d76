package org.vmfinalize.server;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Compares answers with what the server's own description says of it.
final class DescribedAnswers {

    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode description;
    private final SchemaRegistry registry = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    DescribedAnswers(String document) {
        this.description = JSON.readTree(document);
        // A field that is not described is a mistake in the description here, though clients must take it.
        description.get("components").get("schemas").forEach(schema -> {
            if (schema.has("properties") && !schema.get("properties").has("remedy")) {
                ((ObjectNode) schema).put("additionalProperties", false);
            }
        });
    }

    JsonNode document() {
        return description;
    }

    /// @throws AssertionError if the answer is not as described
    void check(String method, String path, int status, String mediaType, String body) {
        if (!mediaType.contains("json") || body.isEmpty() || !path.startsWith("/api/v1/")) {
            return;
        }
        var operation = operation(method, path);
        if (operation.isEmpty()) {
            if (status < 300) {
                throw new AssertionError(method + " " + path + ": it is answered but not described");
            }
            return;
        }
        var schema = schema(operation.get(), status, mediaType);
        if (schema.isEmpty()) {
            throw new AssertionError("%s %s: status %d with %s is not described".formatted(method, path,
                    status, mediaType));
        }
        var errors = schemas.computeIfAbsent(schema.get().toString(), _ -> compiled(schema.get()))
                .validate(JSON.readTree(body));
        if (!errors.isEmpty()) {
            throw new AssertionError("%s %s: the answer is not as described: %s: %s".formatted(method, path,
                    errors, body));
        }
    }

    private Schema compiled(JsonNode schema) {
        var root = JSON.createObjectNode();
        root.setAll((ObjectNode) schema);
        root.set("components", description.get("components"));
        return registry.getSchema(root);
    }

    /// The operation of a path, the one with the fewest parameters if several fit.
    private Optional<JsonNode> operation(String method, String pathAndQuery) {
        var path = pathAndQuery.replaceFirst("\\?.*", "");
        return description.get("paths").properties().stream()
                .filter(one -> path.matches(one.getKey().replace(".", "\\.")
                        .replaceAll("\\{[^}]*}", "[^/]+")))
                .sorted((a, b) -> Long.compare(parameters(a.getKey()), parameters(b.getKey())))
                .map(one -> one.getValue().get(method.toLowerCase(java.util.Locale.ROOT)))
                .filter(one -> one != null).findFirst();
    }

    private static long parameters(String template) {
        return template.chars().filter(c -> c == '{').count();
    }

    private Optional<JsonNode> schema(JsonNode operation, int status, String mediaType) {
        var responses = operation.get("responses");
        var exact = responses.get(Integer.toString(status));
        var response = exact != null ? exact : responses.get(status / 100 + "XX");
        if (response == null && status >= 400) {
            response = description.at(responses.get("default").get("$ref").asString().substring(1));
        }
        if (response == null || !response.has("content")) {
            return Optional.empty();
        }
        var content = response.get("content").get(mediaType.replaceFirst(";.*", ""));
        return content == null ? Optional.empty() : Optional.of(content.get("schema"));
    }
}
