package org.vmfinalize.shell;

import java.beans.Introspector;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.vmfinalize.console.Job;
import org.vmfinalize.console.Language;
import org.vmfinalize.console.Vm;

/// What a verb or a property of the language answers.
///
/// @param type as it is declared
record Answered(Type type) {

    private static final Set<String> OF_EVERYTHING = Set.of("toString", "equals", "hashCode", "getClass",
            "iterator", "spliterator", "forEach", "compareTo", "describeConstable");
    private static final List<String> OF_LISTS = List.of("any", "collect", "count", "each", "every", "find",
            "findAll", "first()", "groupBy", "isEmpty()", "last()", "size()", "sort", "sum", "take(");
    private static final Set<String> OF_ONE = Set.of("find", "first", "last", "max", "min", "getAt");
    private static final Set<String> OF_SEVERAL = Set.of("findAll", "sort", "take", "reverse", "unique");

    /// What can stand after a dot: properties, and verbs with their bracket.
    List<String> members() {
        var own = methods().map(method -> property(method)
                .orElseGet(() -> method.getName() + (method.getParameterCount() == 0 ? "()" : "(")));
        return Stream.concat(own, element().isPresent() ? OF_LISTS.stream() : Stream.of())
                // A verb that can be called with and without arguments is offered once.
                .map(name -> name.endsWith("()") && has(name.substring(0, name.length() - 2))
                        ? name.substring(0, name.length() - 1)
                        : name)
                .distinct().sorted().toList();
    }

    private boolean has(String verbWithArguments) {
        return methods().anyMatch(
                each -> each.getName().equals(verbWithArguments) && each.getParameterCount() > 0);
    }

    /// What one of its properties or verbs answers.
    Optional<Answered> answerOf(String name) {
        if (OF_ONE.contains(name)) {
            return ofEach();
        }
        if (OF_SEVERAL.contains(name)) {
            return element().isPresent() ? Optional.of(this) : Optional.empty();
        }
        return methods()
                .filter(method -> method.getName().equals(name)
                        || property(method).filter(name::equals).isPresent())
                .findFirst().map(method -> new Answered(method.getGenericReturnType()));
    }

    /// What each of its elements is.
    Optional<Answered> ofEach() {
        return element().map(Answered::new);
    }

    /// What one of its verbs gives to a closure.
    Optional<Answered> givenTo(String verb) {
        return switch (verb) {
            case "run" -> Optional.of(new Answered(Vm.class));
            case "onProgress" -> Optional.of(new Answered(Job.class));
            default -> ofEach();
        };
    }

    private Optional<Type> element() {
        return iterable(type).map(each -> each.getActualTypeArguments()[0]);
    }

    private static Optional<ParameterizedType> iterable(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() instanceof Class<?> raw && Iterable.class.isAssignableFrom(raw)
                    ? Optional.of(generic)
                    : Optional.empty();
        }
        return type instanceof Class<?> plain
                ? Arrays.stream(plain.getGenericInterfaces()).flatMap(each -> iterable(each).stream())
                        .findFirst()
                : Optional.empty();
    }

    /// Only what the language itself declares is offered.
    private Stream<Method> methods() {
        return type instanceof Class<?> known && known.getPackage() == Language.class.getPackage()
                ? Arrays.stream(known.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()
                                && !Modifier.isStatic(method.getModifiers())
                                && !OF_EVERYTHING.contains(method.getName()))
                : Stream.of();
    }

    /// Groovy's name for a method that gets or sets something; a record's accessor is one as well.
    private Optional<String> property(Method method) {
        var name = method.getName();
        for (var prefix : List.of("get", "is", "set")) {
            if (name.startsWith(prefix) && name.length() > prefix.length()
                    && Character.isUpperCase(name.charAt(prefix.length()))) {
                return Optional.of(Introspector.decapitalize(name.substring(prefix.length())));
            }
        }
        return type instanceof Class<?> known && known.isRecord() && method.getParameterCount() == 0
                ? Optional.of(name)
                : Optional.empty();
    }
}
