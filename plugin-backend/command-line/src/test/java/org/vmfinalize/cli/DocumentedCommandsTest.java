package org.vmfinalize.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The command line's page names the verbs, options and exit statuses that there are, and no others.
class DocumentedCommandsTest {

    private static final Pattern VERB_ROW = Pattern.compile("(?m)^\\| (`[^`]+`(?:, `[^`]+`)*) \\| .* \\|$");
    private static final Pattern STATUS_ROW = Pattern.compile("(?m)^\\| (\\d+) \\| .* \\|$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");

    private final CommandLine line = VmFinalize.commandLine(new VmFinalize());

    private static String page() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("../../docs/command-line.md"))).replaceAll("");
    }

    @Test
    void theTableOfCommandsHasEachOnce() throws IOException {
        var section = page().split("\n## ", -1)[2];
        assertThat(section).startsWith("Commands");

        var documented = VERB_ROW.matcher(section).results()
                .flatMap(row -> QUOTED.matcher(row.group(1)).results())
                .map(call -> call.group(1).replaceFirst(" .*", ""));

        assertThat(documented).containsExactlyInAnyOrderElementsOf(line.getSubcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(each -> each.getKey()).toList());
    }

    @Test
    void theTableOfExitStatusesIsThatOfTheCode() throws IOException {
        assertThat(STATUS_ROW.matcher(page()).results().map(row -> Integer.valueOf(row.group(1))))
                .containsExactlyElementsOf(
                        Arrays.stream(ExitStatus.values()).map(ExitStatus::number).toList());
        var footer = String.join(" ", line.getCommandSpec().usageMessage().footer());
        assertThat(Arrays.stream(ExitStatus.values()).map(status -> status.number() + " "))
                .allSatisfy(number -> assertThat(footer).contains(number));
    }

    @Test
    void everyOptionThatIsNamedIsThere() throws IOException {
        var named = QUOTED.matcher(page()).results().map(call -> call.group(1))
                .filter(call -> !call.startsWith("mvn "))
                .flatMap(call -> OPTION.matcher(call.replace("[no-]", "")).results())
                .map(option -> option.group());

        assertThat(named).isNotEmpty()
                .isSubsetOf(all(line).flatMap(DocumentedCommandsTest::options).toList());
    }

    @Test
    void theTableOfOptionsHasThoseOfEachCommand() throws IOException {
        var section = page().split("\n## ", -1)[3];
        assertThat(section).startsWith("Options");

        var documented = new TreeMap<String, Set<String>>();
        for (var row : section.lines().filter(line -> line.startsWith("| `")).toList()) {
            var cells = row.split("(?<!\\\\)\\|", -1);
            var options = OPTION.matcher(cells[2].replace("[no-]", "")).results()
                    .map(option -> option.group())
                    .collect(Collectors.toCollection(TreeSet::new));
            QUOTED.matcher(cells[1]).results().forEach(verb -> documented.put(verb.group(1), options));
        }

        var there = new TreeMap<String, Set<String>>();
        line.getSubcommands().forEach((verb, command) -> there.put(verb, ownOptions(command)));
        there.values().removeIf(Set::isEmpty);
        assertThat(documented).isEqualTo(there);
    }

    private static Set<String> ownOptions(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.inherited() && !option.hidden())
                .map(option -> option.longestName()).filter(name -> !name.equals("--output"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(Stream.of(command),
                command.getSubcommands().values().stream().flatMap(DocumentedCommandsTest::all));
    }

    private static Stream<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream().flatMap(option -> option.negatable()
                ? Arrays.stream(option.names())
                        .flatMap(name -> Stream.of(name, name.replaceFirst("^--", "--no-")))
                : Arrays.stream(option.names()));
    }
}
