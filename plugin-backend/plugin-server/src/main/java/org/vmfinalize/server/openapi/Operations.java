package org.vmfinalize.server.openapi;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.session.WithoutSession;

/// The operations of OpenAPI that controllers' methods are.
///
/// **Threads:** one.
final class Operations {

    static final String PROBLEM = "#/components/responses/Problem";

    private final Schemas schemas;
    private final Properties summaries;

    /// @param summaries of the operations, by their ids
    Operations(Schemas schemas, Properties summaries) {
        this.schemas = schemas;
        this.summaries = summaries;
    }

    /// @param verb such as `GET`
    Map<String, Object> of(String path, String verb, RequestMappingInfo mapping, HandlerMethod method) {
        var operation = new LinkedHashMap<String, Object>();
        var id = id(method);
        operation.put("operationId", id);
        operation.put("tags", List.of(path.replaceFirst("^/api/v1/", "").replaceFirst("/.*", "")));
        operation.put("summary", summaries.getProperty(id, inWords(method.getMethod().getName())));
        if (isOpen(method)) {
            operation.put("security", List.of());
        }
        var parameters = new ArrayList<Map<String, Object>>();
        for (var parameter : method.getMethodParameters()) {
            describe(parameter, parameters, operation);
        }
        if (method.hasMethodAnnotation(Idempotent.class)) {
            parameters.add(parameter("Idempotency-Key", "header", false, Map.of("type", "string",
                    "minLength", 1, "maxLength", 128)));
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        operation.put("responses", responses(verb, mapping, method));
        return operation;
    }

    /// Such as `finalizations.start`.
    private static String id(HandlerMethod method) {
        var controller = method.getBeanType().getSimpleName().replaceFirst("Controller$", "");
        return controller.substring(0, 1).toLowerCase(Locale.ROOT) + controller.substring(1) + "."
                + method.getMethod().getName();
    }

    private static String inWords(String name) {
        var words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static boolean isOpen(HandlerMethod method) {
        return method.hasMethodAnnotation(WithoutSession.class)
                || method.getBeanType().isAnnotationPresent(WithoutSession.class);
    }

    private void describe(MethodParameter parameter, List<Map<String, Object>> parameters,
            Map<String, Object> operation) {
        var type = parameter.getGenericParameterType();
        var header = parameter.getParameterAnnotation(RequestHeader.class);
        var query = parameter.getParameterAnnotation(RequestParam.class);
        var body = parameter.getParameterAnnotation(RequestBody.class);
        if (parameter.hasParameterAnnotation(PathVariable.class)) {
            parameters.add(parameter(nameOf(parameter), "path", true, schemas.ofRequest(type)));
        } else if (header != null) {
            if (!header.value().equals("Authorization")) {
                parameters.add(parameter(header.value(), "header", header.required(),
                        schemas.ofRequest(type)));
            }
        } else if (query != null) {
            parameters.add(parameter(nameOf(parameter), "query", isRequired(query), schemas.ofRequest(type)));
        } else if (body != null) {
            operation.put("requestBody", Map.of("required", body.required(), "content",
                    Map.of(MediaType.APPLICATION_JSON_VALUE, Map.of("schema", schemas.ofRequest(type)))));
        } else if (!parameter.hasParameterAnnotation(RequestAttribute.class)
                && parameter.getParameterType().isRecord()) {
            for (var component : parameter.getParameterType().getRecordComponents()) {
                parameters.add(parameter(component.getName(), "query",
                        !Schemas.isNullable(component.getAnnotatedType()),
                        schemas.ofRequest(component.getGenericType())));
            }
        }
    }

    private static String nameOf(MethodParameter parameter) {
        return parameter.getExecutable().getParameters()[parameter.getParameterIndex()].getName();
    }

    private static boolean isRequired(RequestParam query) {
        // Spring's own mark of "no default".
        return query.required() && query.defaultValue().startsWith("\n");
    }

    private static Map<String, Object> parameter(String name, String in, boolean required,
            Map<String, Object> schema) {
        return Map.of("name", name, "in", in, "required", required, "schema", schema);
    }

    private Map<String, Object> responses(String verb, RequestMappingInfo mapping, HandlerMethod method) {
        var type = method.getMethod().getGenericReturnType();
        if (type instanceof ParameterizedType generic && generic.getRawType() == ResponseEntity.class) {
            type = generic.getActualTypeArguments()[0];
        }
        var responses = new LinkedHashMap<String, Object>();
        responses.put(status(verb, method), answer(type, mapping));
        responses.put("default", Map.of("$ref", PROBLEM));
        return responses;
    }

    private static String status(String verb, HandlerMethod method) {
        var status = AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), ResponseStatus.class);
        if (status != null) {
            return Integer.toString(status.code().value());
        }
        // Which one an entity has shows only when it is answered.
        return verb.equals("GET") || method.getMethod().getReturnType() != ResponseEntity.class
                ? "200"
                : "2XX";
    }

    private Map<String, Object> answer(Type type, RequestMappingInfo mapping) {
        if (type == void.class || type == Void.class) {
            return Map.of("description", "Done; there is nothing to tell.");
        }
        if (type == SseEmitter.class) {
            return Map.of("description", "Events, until the client goes or there are no more.", "content",
                    Map.of(MediaType.TEXT_EVENT_STREAM_VALUE, Map.of("schema", Map.of("type", "string"))));
        }
        var produced = mapping.getProducesCondition().getProducibleMediaTypes();
        var media = produced.isEmpty()
                ? MediaType.APPLICATION_JSON_VALUE
                : produced.iterator().next().toString();
        // Bytes that are stored, such as a receipt, are passed on as they are.
        var schema = type == byte[].class ? Map.<String, Object>of() : schemas.ofAnswer(type);
        return Map.of("description", "What was asked for.", "content",
                Map.of(media, Map.of("schema", schema)));
    }
}
