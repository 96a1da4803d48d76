package org.vmfinalize.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// A manual page in the macros of man(7), out of what `--help` says.
///
/// @param command with its options and subcommands
record ManualPage(CommandSpec command) {

    String text() {
        var page = new StringBuilder();
        var name = command.qualifiedName("-");
        page.append(".TH %s 1 \"\" vm-finalize \"vm-finalize\"%n".formatted(name.toUpperCase(Locale.ROOT)));
        section(page, "NAME", Stream.of("%s \\- %s".formatted(escaped(name), escaped(firstSentence()))));
        section(page, "SYNOPSIS", Stream.of(".B " + escaped(command.qualifiedName()), escaped(synopsis())));
        section(page, "DESCRIPTION", paragraphs(command.usageMessage().description()));
        section(page, "ARGUMENTS", command.positionalParameters().stream().filter(one -> !one.hidden())
                .flatMap(ManualPage::argument));
        section(page, "OPTIONS", command.options().stream().filter(one -> !one.hidden())
                .flatMap(ManualPage::option));
        section(page, "COMMANDS", command.subcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .flatMap(each -> item(".B " + escaped(each.getKey()),
                        new ManualPage(each.getValue().getCommandSpec()).firstSentence())));
        section(page, "EXAMPLES", examples());
        section(page, "EXIT STATUS", Arrays.stream(ExitStatus.values())
                .flatMap(status -> item(".B " + status.number(), status.meaning())));
        section(page, "SEE ALSO", Stream.of("docs/command\\-line.md of the source"));
        return page.toString();
    }

    private static void section(StringBuilder page, String heading, Stream<String> lines) {
        var text = lines.collect(Collectors.joining(System.lineSeparator()));
        if (!text.isEmpty()) {
            page.append(".SH %s%n%s%n".formatted(heading, text));
        }
    }

    private String firstSentence() {
        var description = command.usageMessage().description();
        return description.length == 0 ? command.name() : description[0].replaceFirst("\\.$", "");
    }

    private String synopsis() {
        return Stream.concat(Stream.of(command.subcommands().isEmpty() ? "[OPTION...]" : "COMMAND"),
                command.positionalParameters().stream().map(PositionalParamSpec::paramLabel))
                .collect(Collectors.joining(" "));
    }

    private static Stream<String> paragraphs(String... lines) {
        return Arrays.stream(lines).map(line -> line.isEmpty() ? ".PP" : escaped(line));
    }

    private static Stream<String> argument(PositionalParamSpec argument) {
        return item(".I " + escaped(argument.paramLabel()), description(argument));
    }

    private static Stream<String> option(OptionSpec option) {
        var value = option.arity().max() == 0 ? "" : " \\fI%s\\fR".formatted(escaped(option.paramLabel()));
        return item(Arrays.stream(option.names())
                .map(name -> option.negatable() ? name.replaceFirst("^--", "--[no-]") : name)
                .map(name -> "\\fB%s\\fR%s".formatted(escaped(name), value))
                .collect(Collectors.joining(", ")), description(option));
    }

    private static Stream<String> item(String term, String text) {
        return Stream.of(".TP", term, escaped(text));
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description()).replace("${DEFAULT-VALUE}",
                String.valueOf(argument.defaultValue()));
    }

    private Stream<String> examples() {
        var lines = Arrays.stream(command.usageMessage().footer()).filter(line -> line.startsWith("  "))
                .map(line -> escaped(line.strip())).toList();
        return lines.isEmpty()
                ? Stream.of()
                : Stream.of(Stream.of(".EX"), lines.stream(), Stream.of(".EE")).flatMap(each -> each);
    }

    /// A hyphen is to be one that can be copied, and a line that begins with a dot or a quote no request.
    private static String escaped(String text) {
        var safe = text.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}
