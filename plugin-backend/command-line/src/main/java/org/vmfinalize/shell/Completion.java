package org.vmfinalize.shell;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.console.Language;
import org.vmfinalize.console.Options;
import org.vmfinalize.shell.ServerNames.Kind;

/// What the Tab key offers: names in quotes, verbs and properties after a dot, options in brackets, words elsewhere.
///
/// Nothing that stands in the line is evaluated.
final class Completion implements Completer {

    private static final Map<Pattern, Kind> NAMES = Map.of(
            before("\\bvm\\("), Kind.VM, before("\\bbackups\\s*\\.\\s*of\\("), Kind.BACKED_UP_VM,
            before("\\bfinalization\\("), Kind.FINALIZED_VM,
            before("\\bdiscards\\s*\\.\\s*of\\("), Kind.DISCARDED_VM,
            before("\\bdatastore\\s*:"), Kind.DATASTORE, before("\\bhost\\s*:"), Kind.HOST,
            before("\\bnetwork\\s*:"), Kind.NETWORK);
    private static final Map<Pattern, List<String>> WORDS = Map.of(
            before("\\bprovisioning\\s*:"), List.of("thin", "thick", "eager-thick"),
            before("\\bpriority\\s*:"), List.of("low", "normal", "high"),
            before("\\bnetwork\\s*:"), List.of("disconnected"));
    private static final Pattern OPTIONS_OF = Pattern
            .compile("\\.(\\w+)\\s*(?:\\(\\s*|\\s)(?:[^(){}]*,\\s*)?$");

    private final ServerNames names;
    private final Function<String, @Nullable Object> variables;

    /// @param variables the value of a variable; null if there is none
    Completion(ServerNames names, Function<String, @Nullable Object> variables) {
        this.names = names;
        this.variables = variables;
    }

    private static Pattern before(String code) {
        return Pattern.compile(code + "\\s*$");
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line instanceof TypedText text) {
            offer(text).filter(candidate -> candidate.value().startsWith(text.word()))
                    .forEach(candidates::add);
        }
    }

    /// All that can stand at the cursor.
    Stream<Candidate> offer(TypedText text) {
        return text.quoted().map(quoted -> inQuotes(quoted, text.after())).orElseGet(() -> inCode(text));
    }

    private Stream<Candidate> inQuotes(TypedText.Quoted quoted, String after) {
        var sign = String.valueOf(quoted.quote());
        boolean call = quoted.context().stripTrailing().endsWith("(");
        var end = after.startsWith(sign) ? "" : call ? sign + ")" : sign;
        var words = WORDS.entrySet().stream()
                .filter(each -> each.getKey().matcher(quoted.context()).find())
                .flatMap(each -> each.getValue().stream());
        var known = NAMES.entrySet().stream()
                .filter(each -> each.getKey().matcher(quoted.context()).find())
                .flatMap(each -> names.of(each.getValue()).stream());
        return Stream.concat(words, known).map(name -> candidate(
                name.replace("\\", "\\\\").replace(sign, "\\" + sign) + end, name));
    }

    private Stream<Candidate> inCode(TypedText text) {
        var code = text.code();
        if (code.stripTrailing().endsWith(".")) {
            return new Chain(variables).typeOf(code.stripTrailing()).stream()
                    .flatMap(type -> type.members().stream()).map(Completion::word);
        }
        var verb = OPTIONS_OF.matcher(code);
        var options = verb.find() ? Options.of(verb.group(1)).stream() : Stream.<String>of();
        return Stream.concat(options.map(name -> word(name + ": ")),
                Stream.concat(Language.words().stream(), Stream.of("exit")).map(Completion::word));
    }

    private static Candidate word(String word) {
        return candidate(word, word.strip());
    }

    private static Candidate candidate(String value, String shown) {
        return new Candidate(value, shown, null, null, null, null, false);
    }
}
