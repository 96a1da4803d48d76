package org.vmfinalize.shell;

import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.console.Language;

/// Finds the type of `vm('web-01').guest.` by what each part declares to answer.
///
/// @param variables the value of a variable; null if there is none
record Chain(Function<String, @Nullable Object> variables) {

    /// The type of what stands before the dot at the end of `code`.
    Optional<Answered> typeOf(String code) {
        int end = code.replaceFirst("[?*]?\\.$", "").length();
        var steps = new ArrayList<String>();
        int start = end;
        while (true) {
            int nameEnd = beforeGroups(code, start);
            int nameStart = nameEnd;
            while (nameStart > 0 && Character.isJavaIdentifierPart(code.charAt(nameStart - 1))) {
                nameStart--;
            }
            if (nameStart == nameEnd) {
                return Optional.empty();
            }
            steps.addFirst(code.substring(nameStart, nameEnd));
            var left = code.substring(0, nameStart);
            var target = left.replaceFirst("[?*]?\\.\\s*$", "");
            if (target.length() == left.length()) {
                var type = typeOf(steps, left);
                return code.endsWith("*.") ? type.flatMap(Answered::ofEach) : type;
            }
            start = target.length();
        }
    }

    private Optional<Answered> typeOf(ArrayList<String> steps, String left) {
        var type = root(steps.getFirst(), left);
        for (var step : steps.subList(1, steps.size())) {
            type = type.flatMap(known -> known.answerOf(step));
        }
        return type;
    }

    private Optional<Answered> root(String name, String left) {
        var value = variables.apply(name);
        if (value != null) {
            return Optional.of(Language.typeOfWord(name).map(Answered::new)
                    .orElseGet(() -> new Answered(value.getClass())));
        }
        return ofClosure(left);
    }

    /// A name that is no variable is the parameter of the closure around it: an element of what the closure is given to.
    private Optional<Answered> ofClosure(String left) {
        int brace = openBrace(left);
        if (brace < 0) {
            return Optional.empty();
        }
        int verbEnd = beforeGroups(left, brace);
        int verbStart = verbEnd;
        while (verbStart > 0 && Character.isJavaIdentifierPart(left.charAt(verbStart - 1))) {
            verbStart--;
        }
        var verb = left.substring(verbStart, verbEnd);
        var target = left.substring(0, verbStart);
        return target.stripTrailing().endsWith(".")
                ? typeOf(target.stripTrailing()).flatMap(type -> type.givenTo(verb))
                : Optional.empty();
    }

    private static int openBrace(String code) {
        int depth = 0;
        for (int i = code.length() - 1; i >= 0; i--) {
            char c = code.charAt(i);
            if (c == '}') {
                depth++;
            } else if (c == '{' && --depth < 0) {
                return i;
            }
        }
        return -1;
    }

    /// Where a name ends that brackets or closures follow until `end`.
    private static int beforeGroups(String code, int end) {
        int i = end;
        while (true) {
            while (i > 0 && Character.isWhitespace(code.charAt(i - 1))) {
                i--;
            }
            if (i == 0 || ")}]".indexOf(code.charAt(i - 1)) < 0) {
                return i;
            }
            int depth = 0;
            do {
                char c = code.charAt(--i);
                depth += ")}]".indexOf(c) >= 0 ? 1 : "({[".indexOf(c) >= 0 ? -1 : 0;
            } while (depth > 0 && i > 0);
        }
    }
}
