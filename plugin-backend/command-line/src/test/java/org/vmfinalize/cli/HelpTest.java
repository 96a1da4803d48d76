package org.vmfinalize.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {

    /// From the command's name to what is the shell's.
    private static final Pattern CALL = Pattern.compile("vm-finalize ((?:'[^']*'|[^|>)'])+)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsACommandLineThatMakesSense(String example) {
        var call = CALL.matcher(example);
        assertThat(call.find()).isTrue();
        var words = WORD.matcher(call.group(1)).results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1)).toArray(String[]::new);

        var parsed = VmFinalize.commandLine(new VmFinalize()).parseArgs(words);

        assertThat(parsed.hasSubcommand()).isTrue();
    }

    static Stream<String> examples() {
        return all(VmFinalize.commandLine(new VmFinalize()))
                .flatMap(each -> Arrays.stream(each.getCommandSpec().usageMessage().footer()))
                .filter(line -> line.startsWith("  ") && line.contains("vm-finalize ")).distinct();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbHasAnExample(String verb, String footer) {
        assertThat(footer).as(verb).containsPattern("Examples?(, in the console)?:\n  \\S");
    }

    static Stream<Arguments> verbs() {
        return VmFinalize.commandLine(new VmFinalize()).getSubcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(each -> Arguments.of(each.getKey(), String.join("\n",
                        each.getValue().getCommandSpec().usageMessage().footer())));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aManualPageHasWhatManLooksFor(String page) {
        assertThat(page).startsWith(".TH VM").containsSubsequence(".SH NAME\n", ".SH SYNOPSIS\n",
                ".SH DESCRIPTION\n", ".SH EXIT STATUS\n").doesNotContain("@|", "${");
    }

    static Stream<String> pages() {
        return all(VmFinalize.commandLine(new VmFinalize()))
                .map(each -> new ManualPage(each.getCommandSpec()).text());
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(Stream.of(command),
                command.getSubcommands().values().stream().flatMap(HelpTest::all));
    }
}
