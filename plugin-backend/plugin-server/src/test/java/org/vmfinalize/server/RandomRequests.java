package org.vmfinalize.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes requests out of the description of an operation: as it should be, with parts left out, of another type, or absurd.
///
/// The same seed makes the same requests.
final class RandomRequests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ODD = List.of("", " ", "..", "../../etc/passwd", "%00", "a\u0000b",
            "null", "-1",
            "9223372036854775808", "1e400", "NaN", "ä€😀\u202e", "'; DROP TABLE job; --", "{\"a\":1}",
            "x".repeat(3000),
            "a/b", "a\\b", "a;b=c", "a b", "\n");
    private static final List<String> BROKEN = List.of("", "{", "[]", "null", "\"text\"", "7",
            "{\"vm\":\"vm-1\",}", "[".repeat(2000), "{\"a\":".repeat(500));

    private final Random random;
    private final JsonNode schemas;
    private final Map<String, List<String>> known;

    /// @param schemas those that the description names
    /// @param known values that there are, by the names of fields and parameters
    RandomRequests(long seed, JsonNode schemas, Map<String, List<String>> known) {
        this.random = new Random(seed);
        this.schemas = schemas;
        this.known = known;
    }

    /// @param path with the query
    record Request(String path, @Nullable String body, List<String> headers) {}

    Request next(String path, JsonNode operation) {
        var filled = path;
        var query = new ArrayList<String>();
        var headers = new ArrayList<String>();
        for (var parameter : operation.path("parameters")) {
            var name = parameter.get("name").asString();
            var text = text(name, parameter.get("schema"));
            switch (parameter.get("in").asString()) {
                case "path" ->
                    filled = filled.replace("{" + name + "}", text.matches("\\.*") ? "-" : encoded(text));
                case "query" -> {
                    if (random.nextInt(3) == 0) {
                        query.add(name + "=" + encoded(text));
                    }
                }
                default -> {
                    if (random.nextInt(3) == 0) {
                        // Others are refused by the client.
                        headers.addAll(List.of(name, text.replaceAll("[^ -~]", "?")));
                    }
                }
            }
        }
        return new Request(query.isEmpty() ? filled : filled + "?" + String.join("&", query),
                operation.has("requestBody") ? body(operation) : null, headers);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private String body(JsonNode operation) {
        if (random.nextInt(12) == 0) {
            return any(BROKEN);
        }
        return value("", operation.at("/requestBody/content/application~1json/schema"), 0).toString();
    }

    private String text(String name, JsonNode schema) {
        var value = value(name, schema, 0);
        return value.isString() ? value.asString() : value.toString();
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private JsonNode value(String name, JsonNode schema, int depth) {
        var nodes = JSON.getNodeFactory();
        if (random.nextInt(12) == 0) {
            return switch (random.nextInt(5)) {
                case 0 -> nodes.nullNode();
                case 1 -> nodes.numberNode(random.nextLong());
                case 2 -> nodes.booleanNode(random.nextBoolean());
                case 3 -> nodes.arrayNode().add(any(ODD));
                default -> nodes.stringNode(any(ODD));
            };
        }
        if (schema.has("$ref")) {
            var target = schema.get("$ref").asString();
            return value(name, schemas.get(target.substring(target.lastIndexOf('/') + 1)), depth);
        }
        if (schema.has("anyOf")) {
            return value(name, schema.get("anyOf").get(0), depth);
        }
        var type = schema.path("type").isArray()
                ? schema.get("type").get(0).asString()
                : schema.path("type").asString("string");
        return switch (type) {
            case "object" -> depth > 3 ? nodes.objectNode() : object(schema, depth);
            case "array" -> nodes.arrayNode().add(value(name, schema.get("items"), depth + 1));
            case "integer" -> nodes.numberNode(any(List.of(0L, 1L, 2L, 100L, 1000L, -1L, Long.MAX_VALUE,
                    (long) Integer.MAX_VALUE + 1)));
            case "number" -> nodes.numberNode(random.nextDouble() * 100);
            case "boolean" -> nodes.booleanNode(random.nextBoolean());
            default -> nodes.stringNode(
                    any(random.nextInt(6) == 0
                            ? ODD
                            : known.getOrDefault(name, List.of("x" + random.nextInt(1000)))));
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        var object = JSON.createObjectNode();
        schema.path("properties").properties().forEach(property -> {
            boolean wanted = known.containsKey(property.getKey())
                    ? random.nextInt(8) > 0
                    : random.nextInt(4) == 0;
            if (wanted) {
                object.set(property.getKey(), value(property.getKey(), property.getValue(), depth + 1));
            }
        });
        if (random.nextInt(10) == 0) {
            object.put("unknown", 1);
        }
        return object;
    }
}
