package org.vmfinalize.server.openapi;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;

/// What a controller's method answers: one status if it is done, and each problem that there may be.
///
/// **Threads:** one.
final class Answers {

    static final String PROBLEM = "#/components/responses/Problem";

    private final Schemas schemas;

    Answers(Schemas schemas) {
        this.schemas = schemas;
    }

    /// @param open whether it answers without a session
    Map<String, Object> of(String verb, RequestMappingInfo mapping, HandlerMethod method, boolean open) {
        var type = method.getMethod().getGenericReturnType();
        if (type instanceof ParameterizedType generic && generic.getRawType() == ResponseEntity.class) {
            type = generic.getActualTypeArguments()[0];
        }
        var responses = new TreeMap<String, Object>();
        responses.put(status(method), answer(type, mapping));
        if (verb.equals("GET") && type != SseEmitter.class) {
            responses.put("304",
                    Map.of("description",
                            "It is still what the caller has told the tag of in If-None-Match."));
        }
        problems(method, open).stream()
                .collect(Collectors.groupingBy(problem -> problem.status().value(), TreeMap::new,
                        Collectors.toList()))
                .forEach((status, all) -> responses.put(Integer.toString(status), problem(all)));
        responses.put("default", Map.of("$ref", PROBLEM));
        return responses;
    }

    private static String status(HandlerMethod method) {
        var status = AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), ResponseStatus.class);
        return status == null ? "200" : Integer.toString(status.code().value());
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

    /// Those of every operation, those that follow from what it takes, and its own.
    private static Set<ProblemType> problems(HandlerMethod method, boolean open) {
        var all = EnumSet.of(ProblemType.BAD_REQUEST, ProblemType.NOT_ACCEPTABLE, ProblemType.INTERNAL_ERROR);
        if (!open) {
            all.addAll(List.of(ProblemType.UNAUTHORIZED, ProblemType.TOO_MANY_REQUESTS,
                    ProblemType.VCENTER_REFUSED, ProblemType.VCENTER_UNAVAILABLE));
        }
        for (var parameter : method.getMethodParameters()) {
            if (parameter.hasParameterAnnotation(RequestBody.class)) {
                all.addAll(List.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.REQUEST_TOO_LARGE));
            } else if (isHeader(parameter, HttpHeaders.IF_MATCH)) {
                all.add(ProblemType.PRECONDITION_FAILED);
            }
        }
        if (method.hasMethodAnnotation(Idempotent.class)) {
            all.addAll(List.of(ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.IDEMPOTENCY_KEY_IN_USE,
                    ProblemType.IDEMPOTENCY_KEY_INTERRUPTED));
        }
        var own = method.getMethodAnnotation(Refuses.class);
        if (own != null) {
            all.addAll(List.of(own.value()));
        }
        return all;
    }

    private static boolean isHeader(MethodParameter parameter, String name) {
        var header = parameter.getParameterAnnotation(RequestHeader.class);
        return header != null && header.value().equals(name);
    }

    private static Map<String, Object> problem(List<ProblemType> types) {
        var text = types.stream()
                .map(type -> "`%s`: %s. %s".formatted(type.uri(), type.title(), type.remedy()))
                .collect(Collectors.joining("\n\n"));
        var narrowed = new LinkedHashMap<String, Object>();
        narrowed.put("allOf", List.of(Map.of("$ref", "#/components/schemas/Problem")));
        narrowed.put("properties", Map.of("type",
                Map.of("enum", types.stream().map(type -> type.uri().toString()).toList())));
        return Map.of("description", text, "content",
                Map.of(MediaType.APPLICATION_PROBLEM_JSON_VALUE, Map.of("schema", narrowed)));
    }
}
