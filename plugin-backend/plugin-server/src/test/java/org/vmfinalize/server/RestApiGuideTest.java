package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.problem.ProblemType;

/// The guide of the API names the problems and warnings that there are, with their status and remedy, and no others.
class RestApiGuideTest {

    private static final Pattern ROW = Pattern.compile("^\\| `/(problems|warnings)/.*$", Pattern.MULTILINE);

    @Test
    void theTablesAreThoseOfTheCode() throws Exception {
        var guide = Files.readString(Path.of("../../docs/rest-api.md"));

        var rows = ROW.matcher(guide).results()
                .map(row -> row.group().replaceFirst("\\| [^|]*\\| ([^|]*)\\|$",
                        "| $1|"))
                .toList();

        var problems = Arrays.stream(ProblemType.values())
                .map(type -> "| `%s` | %d | %s |".formatted(type.uri(), type.status().value(),
                        type.remedy()));
        var warnings = Arrays.stream(WarningType.values())
                .map(type -> "| `%s` | %s |".formatted(type.uri(), type.remedy()));
        assertThat(rows).containsExactlyInAnyOrderElementsOf(Stream.concat(problems, warnings).toList());
    }
}
