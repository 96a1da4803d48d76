package org.vmfinalize.lab.vcenter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// The methods that the lab's vCenter has, by name, with the privilege that each needs.
final class Methods {

    /// For a method that needs a session, but no privilege.
    static final String ANY_USER = "System.View";

    private final Map<String, Method> byName = new HashMap<>();
    private final Map<String, Map<String, Long>> calls = new HashMap<>();

    /// A method of the API. Runs under the lock of the [World].
    @FunctionalInterface
    interface Body {
        /// Does the work and gives back what the method returns: none, one or many values.
        List<? extends Value> call(Invocation invocation);
    }

    /// One call by somebody who may make it.
    record Invocation(SoapRequest request, LabSession session) {

        Ref self() {
            return request.self();
        }

        LabUser user() {
            return session.user();
        }
    }

    private record Method(String type, String privilege, Body body) {}

    /// @param type      the type of the objects that have the method; empty for any
    /// @param privilege what the caller must be allowed
    void add(String name, String type, String privilege, Body body) {
        byName.put(name, new Method(type, privilege, body));
    }

    /// For what a method needs besides its own privilege.
    ///
    /// @throws LabFault NoPermission
    static void require(Invocation in, Ref entity, String privilege) {
        if (!in.user().may(privilege)) {
            throw LabFault.noPermission(entity, privilege);
        }
    }

    /// How often a user's sessions called which method.
    Map<String, Long> calls(LabUser user) {
        return Map.copyOf(calls.getOrDefault(user.apiName(), Map.of()));
    }

    /// @throws LabFault as a vCenter would refuse
    List<? extends Value> call(SoapRequest request, @Nullable LabSession session) {
        var method = byName.get(request.method());
        if (method == null) {
            throw LabFault.invalidRequest("the lab has no method " + request.method());
        }
        var known = Sessions.required(session, request.self());
        calls.computeIfAbsent(known.user().apiName(), _ -> new TreeMap<>()).merge(request.method(), 1L,
                Long::sum);
        if (!method.type.isEmpty() && !method.type.equals(request.self().type())) {
            throw LabFault.notFound(request.self());
        }
        if (!known.user().may(method.privilege)) {
            throw LabFault.noPermission(request.self(), method.privilege);
        }
        return method.body.call(new Invocation(request, known));
    }
}
