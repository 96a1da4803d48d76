package org.vmfinalize.server.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.session.WithoutSession;

/// The operations of OpenAPI that controllers' methods are.
///
/// **Threads:** one.
final class Operations {

    private final Schemas schemas;
    private final Texts texts;
    private final Answers answers;

    Operations(Schemas schemas, Texts texts) {
        this.schemas = schemas;
        this.texts = texts;
        this.answers = new Answers(schemas);
    }

    /// @param verb such as `GET`
    Map<String, Object> of(String path, String verb, RequestMappingInfo mapping, HandlerMethod method) {
        var operation = new LinkedHashMap<String, Object>();
        var id = id(method);
        operation.put("operationId", id);
        operation.put("tags", List.of(path.replaceFirst("^/api/v1/", "").replaceFirst("/.*", "")));
        operation.put("summary", texts.summary(id).orElse(id));
        texts.description(id).ifPresent(text -> operation.put("description", text));
        boolean open = isOpen(method);
        if (open) {
            operation.put("security", List.of());
        }
        var parameters = new ArrayList<Map<String, Object>>();
        for (var parameter : method.getMethodParameters()) {
            describe(id, parameter, parameters, operation);
        }
        if (method.hasMethodAnnotation(Idempotent.class)) {
            parameters.add(parameter(id, "Idempotency-Key", "header", false,
                    Map.of("type", "string", "pattern", "^" + Idempotent.KEY + "$")));
        }
        if (verb.equals("GET") && method.getMethod().getReturnType() != SseEmitter.class) {
            parameters.add(parameter(id, HttpHeaders.IF_NONE_MATCH, "header", false,
                    Map.of("type", "string")));
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        operation.put("responses", answers.of(verb, mapping, method, open));
        return operation;
    }

    /// Such as `finalizations.start`.
    private static String id(HandlerMethod method) {
        var controller = method.getBeanType().getSimpleName().replaceFirst("Controller$", "");
        return controller.substring(0, 1).toLowerCase(Locale.ROOT) + controller.substring(1) + "."
                + method.getMethod().getName();
    }

    private static boolean isOpen(HandlerMethod method) {
        return method.hasMethodAnnotation(WithoutSession.class)
                || method.getBeanType().isAnnotationPresent(WithoutSession.class);
    }

    private void describe(String id, MethodParameter parameter, List<Map<String, Object>> parameters,
            Map<String, Object> operation) {
        var type = parameter.getGenericParameterType();
        var header = parameter.getParameterAnnotation(RequestHeader.class);
        var query = parameter.getParameterAnnotation(RequestParam.class);
        var body = parameter.getParameterAnnotation(RequestBody.class);
        if (parameter.hasParameterAnnotation(PathVariable.class)) {
            parameters.add(parameter(id, nameOf(parameter), "path", true, schemas.ofRequest(type)));
        } else if (header != null) {
            if (!header.value().equals("Authorization")) {
                parameters.add(parameter(id, header.value(), "header", header.required(),
                        schemas.ofRequest(type)));
            }
        } else if (query != null) {
            parameters.add(
                    parameter(id, nameOf(parameter), "query", isRequired(query), schemas.ofRequest(type)));
        } else if (body != null) {
            var schema = schemas.ofRequest(type);
            operation.put("requestBody", Map.of("required", body.required(), "content",
                    Map.of(MediaType.APPLICATION_JSON_VALUE,
                            Map.of("schema", body.required() ? schema : Schemas.orNull(schema)))));
        } else if (!parameter.hasParameterAnnotation(RequestAttribute.class)
                && parameter.getParameterType().isRecord()) {
            var record = parameter.getParameterType();
            for (var component : record.getRecordComponents()) {
                parameters.add(parameter(record.getSimpleName(), component.getName(), "query",
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

    /// @param of what has it, as in [Texts#parameter(String, String)]
    private Map<String, Object> parameter(String of, String name, String in, boolean required,
            Map<String, Object> schema) {
        var parameter = new LinkedHashMap<String, Object>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        texts.parameter(of, name).ifPresent(text -> parameter.put("description", text));
        parameter.put("schema", schema);
        return parameter;
    }
}
