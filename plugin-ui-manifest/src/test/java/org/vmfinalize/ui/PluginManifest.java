package org.vmfinalize.ui;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The plugin's manifest as it is shipped, read strictly: a key given twice or text behind the end is an error.
final class PluginManifest {

    private static final String ROOT = "/META-INF/resources/";
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PluginManifest() {}

    static JsonNode read() throws IOException {
        try (InputStream manifest = resource("plugin.json").openStream()) {
            return STRICT.readTree(manifest);
        }
    }

    /// The shipped file at this path, as the plugin server serves it at its context root.
    static URL resource(String path) {
        return Objects.requireNonNull(PluginManifest.class.getResource(ROOT + path),
                path + " is not shipped");
    }

    /// Every object of the manifest, itself included, that the predicate picks.
    static Stream<JsonNode> objects(JsonNode node, Predicate<JsonNode> picked) {
        Stream<JsonNode> inner = StreamSupport.stream(node.spliterator(), false)
                .flatMap(child -> objects(child, picked));
        return Stream.concat(node.isObject() && picked.test(node) ? Stream.of(node) : Stream.empty(), inner);
    }

    static Stream<JsonNode> with(JsonNode node, String key) {
        return objects(node, object -> object.has(key));
    }
}
