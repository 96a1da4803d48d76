package org.vmfinalize.server.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// JSON schemas of Java types, as Jackson writes and reads them. Each record gets a named one, to which others refer.
///
/// **Threads:** one.
final class Schemas {

    private final Map<String, Object> named = new TreeMap<>();
    private final Texts texts;

    Schemas(Texts texts) {
        this.texts = texts;
    }

    /// The named ones, for `components/schemas`.
    Map<String, Object> named() {
        return named;
    }

    /// What an answer of that type is like: nothing is left out, but what there is not is null.
    Map<String, Object> ofAnswer(Type type) {
        return of(type, Map.of(), false);
    }

    /// What a request's body or parameter of that type must be like: what may be null may be left out.
    Map<String, Object> ofRequest(Type type) {
        return of(type, Map.of(), true);
    }

    private Map<String, Object> of(Type type, Map<String, Type> variables, boolean request) {
        return switch (type) {
            case Class<?> plain -> of(plain, request);
            case ParameterizedType generic -> of(generic, variables, request);
            case TypeVariable<?> variable -> {
                var actual = variables.get(variable.getName());
                yield actual == null ? Map.of() : of(actual, variables, request);
            }
            default -> Map.of();
        };
    }

    private Map<String, Object> of(Class<?> type, boolean request) {
        if (type == String.class || type == char.class) {
            return Map.of("type", "string");
        } else if (type == boolean.class || type == Boolean.class) {
            return Map.of("type", "boolean");
        } else if (type == int.class || type == Integer.class) {
            return Map.of("type", "integer", "format", "int32");
        } else if (type == long.class || type == Long.class) {
            return Map.of("type", "integer", "format", "int64");
        } else if (type == double.class || type == Double.class) {
            return Map.of("type", "number", "format", "double");
        } else if (type == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        } else if (type.isEnum()) {
            return Map.of("type", "string", "enum",
                    Arrays.stream(type.getEnumConstants()).map(Object::toString).toList());
        } else if (type.isArray()) {
            return Map.of("type", "array", "items", of(type.getComponentType(), request));
        } else if (type.isRecord()) {
            return record(type, name(type), Map.of(), request);
        }
        // Anything: what it is cannot be told from its type.
        return Map.of();
    }

    private Map<String, Object> of(ParameterizedType type, Map<String, Type> variables, boolean request) {
        var raw = (Class<?>) type.getRawType();
        var arguments = type.getActualTypeArguments();
        if (Collection.class.isAssignableFrom(raw)) {
            return Map.of("type", "array", "items", of(arguments[0], variables, request));
        } else if (Map.class.isAssignableFrom(raw)) {
            return Map.of("type", "object", "additionalProperties", of(arguments[1], variables, request));
        } else if (raw.isRecord()) {
            var own = new HashMap<String, Type>();
            for (int i = 0; i < arguments.length; i++) {
                own.put(raw.getTypeParameters()[i].getName(), arguments[i]);
            }
            var of = Arrays.stream(arguments).map(one -> one instanceof Class<?> plain ? name(plain) : "Any")
                    .collect(Collectors.joining());
            return record(raw, name(raw) + "Of" + of, own, request);
        }
        return Map.of();
    }

    private Map<String, Object> record(Class<?> type, String name, Map<String, Type> variables,
            boolean request) {
        if (!named.containsKey(name)) {
            // First the name: a record may contain itself.
            named.put(name, Map.of());
            var properties = new LinkedHashMap<String, Object>();
            var required = new ArrayList<String>();
            for (var component : type.getRecordComponents()) {
                boolean nullable = isNullable(component.getAnnotatedType());
                var schema = of(component.getGenericType(), variables, request);
                properties.put(component.getName(),
                        described(name, type, component.getName(), nullable ? orNull(schema) : schema));
                if (!request || !nullable) {
                    required.add(component.getName());
                }
            }
            for (var method : type.getDeclaredMethods()) {
                if (isFurtherProperty(method, properties)) {
                    var schema = of(method.getGenericReturnType(), variables, request);
                    properties.put(method.getName(), described(name, type, method.getName(),
                            isNullable(method.getAnnotatedReturnType()) ? orNull(schema) : schema));
                    required.add(method.getName());
                }
            }
            var schema = new LinkedHashMap<String, Object>();
            schema.put("type", "object");
            schema.put("properties", properties);
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            if (request) {
                // As the server takes it: see StrictBodies.
                schema.put("additionalProperties", false);
            }
            named.put(name, schema);
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> described(String schemaName, Class<?> type, String field,
            Map<String, Object> schema) {
        var text = texts.field(schemaName, name(type), field);
        if (text.isEmpty()) {
            return schema;
        }
        var described = new LinkedHashMap<>(schema);
        described.put("description", text.get());
        return described;
    }

    private static boolean isFurtherProperty(Method method, Map<String, Object> known) {
        return method.isAnnotationPresent(JsonProperty.class) && method.getParameterCount() == 0
                && !known.containsKey(method.getName());
    }

    /// The same, or null.
    static Map<String, Object> orNull(Map<String, Object> schema) {
        if (schema.isEmpty()) {
            return schema;
        }
        if (schema.get("type") instanceof String type && !schema.containsKey("enum")) {
            var either = new LinkedHashMap<>(schema);
            either.put("type", List.of(type, "null"));
            return either;
        }
        return Map.of("anyOf", List.of(schema, Map.of("type", "null")));
    }

    /// Whether `Nullable` is said of the type itself.
    static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    /// The names of the classes around it and its own: `Disk` alone is the name of several.
    private static String name(Class<?> type) {
        var outer = type.getDeclaringClass();
        return outer == null ? type.getSimpleName() : name(outer) + type.getSimpleName();
    }
}
