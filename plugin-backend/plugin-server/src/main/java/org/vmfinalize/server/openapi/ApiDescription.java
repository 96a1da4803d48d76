package org.vmfinalize.server.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Describes all of `/api/v1`, with what its controllers are now.
///
/// **Threads:** any number.
@Component
class ApiDescription {

    private static final String API = "/api/v1/";

    private final ApplicationContext context;
    private final BuildProperties build;
    private volatile @Nullable Map<String, Object> made;

    ApiDescription(ApplicationContext context, BuildProperties build) {
        this.context = context;
        this.build = build;
    }

    /// The document, as maps and lists. Made at the first time; of two that come then, both make the same.
    Map<String, Object> document() {
        var known = made;
        if (known == null) {
            known = make();
            made = known;
        }
        return known;
    }

    private Map<String, Object> make() {
        var texts = new Texts();
        var schemas = new Schemas(texts);
        var operations = new Operations(schemas, texts);
        var paths = new TreeMap<String, Map<String, Object>>();
        // Asked for now: when this is made, not all controllers are.
        var mapping = context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        mapping.getHandlerMethods().forEach((info, method) -> {
            for (var path : info.getPatternValues()) {
                if (path.startsWith(API)) {
                    info.getMethodsCondition().getMethods()
                            .forEach(verb -> paths.computeIfAbsent(path, _ -> new TreeMap<>())
                                    .put(verb.asHttpMethod().name().toLowerCase(Locale.ROOT),
                                            operations.of(path, verb.name(), info, method)));
                }
            }
        });
        var document = new LinkedHashMap<String, Object>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", "vm-finalize", "version", String.valueOf(build.getVersion()),
                "description",
                "Runs virtual machines from backups, and makes them permanent while they run.", "license",
                Map.of("name", "Apache-2.0", "identifier", "Apache-2.0")));
        document.put("servers", List.of(Map.of("url", "/")));
        document.put("security", List.of(Map.of("token", List.of()), Map.of("client", List.of())));
        document.put("paths", paths);
        document.put("components", components(schemas));
        return document;
    }

    private static Map<String, Object> components(Schemas schemas) {
        var all = new TreeMap<>(schemas.named());
        all.put("Problem", Map.of("type", "object", "description", "RFC 9457, with further fields",
                "required", List.of("type", "title", "status", "detail", "remedy"), "properties",
                Map.of("type", field("string", "What it is; programs decide by it."),
                        "title", field("string", "The same for people, in few words."),
                        "status", field("integer", "The answer's HTTP status."),
                        "detail", field("string", "Which thing, and what is wrong with it, in one line."),
                        "instance", field("string", "The path that was asked for."),
                        "remedy", field("string", "What to do about it."))));
        return Map.of("schemas", all, "responses",
                Map.of("Problem",
                        Map.of("description",
                                "It cannot be done; the detail says why, the remedy what to do. New types of problems may come with any version.",
                                "content",
                                Map.of("application/problem+json",
                                        Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))))),
                "securitySchemes",
                Map.of("token", Map.of("type", "http", "scheme", "bearer", "description",
                        "A token of POST /api/v1/sessions"), "client",
                        Map.of("type", "apiKey", "in", "header", "name", "vmware-api-session-id",
                                "description", "The vSphere Client's own session")));
    }

    private static Map<String, String> field(String type, String description) {
        return Map.of("type", type, "description", description);
    }
}
