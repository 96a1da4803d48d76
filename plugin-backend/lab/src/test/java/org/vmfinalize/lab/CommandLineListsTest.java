package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Connection;
import org.vmfinalize.console.Options;
import org.vmfinalize.trust.ServerTrust;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Every list in every form, and progress where nobody looks.
@TestInstance(Lifecycle.PER_CLASS)
class CommandLineListsTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Map<String, String> AS_PEOPLE_WRITE = Map.of("memoryMiB", "memory", "bytesPerSecond",
            "limit", "latencyGoalMillis", "latencyGoal");

    private CommandLineLab lab;

    @BeforeAll
    void startALab(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder, "listed-01");
        lab.awaitBackups("listed-01");
        for (var name : new String[]{"done-01", "gone-01", "running-01"}) {
            lab.site().api().run(Map.of("name", name, "backup",
                    lab.backups().resolve("listed-01.raw").toString(), "datastore", LabSite.DATASTORE));
        }
        assertThat(lab.run("finalize", "done-01")).returns(0, CommandRun::status);
        assertThat(lab.run("discard", "gone-01", "--yes")).returns(0, CommandRun::status);
    }

    @AfterAll
    void stop() throws IOException {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            backups       | VM,TIME,FORMAT,       | vmName | listed-01
            vms           | NAME,ID,POWER,        | name   | running-01
            finalizations | VM,ID,STATE,          | state  | completed
            discards      | VM,ID,STATE,          | state  | discarded
            datastores    | NAME,CAPACITY,FREE,   | name   | lab-datastore
            providers     | NAME,                 | name   | ''
            """, delimiter = '|')
    void aListIsATableOrCsvOrYamlOrJson(String list, String heading, String field, String value)
            throws Exception {
        var table = lab.run(list).output();
        var csv = lab.run(list, "--output", "csv").output();
        var json = JSON.readTree(lab.run(list, "--output", "json").output());
        var yaml = new YAMLMapper().readTree(lab.run(list, "--output", "yaml").output());

        assertThat(table).contains(heading.split(",", 2)[0]).contains(value).doesNotContain("\u001b");
        assertThat(csv).startsWith(heading).contains(value);
        assertThat(json.isArray()).isTrue();
        assertThat(json.valueStream().map(item -> item.path(field).asString(""))).isNotEmpty()
                .anyMatch(text -> text.contains(value));
        assertThat(yaml.size()).isEqualTo(json.size());
        assertThat(csv.lines().count()).isEqualTo(json.size() + 1L);
    }

    @ParameterizedTest
    @CsvSource({"VmStartRequest, run, run", "FinalizationRequest, finalize, makePermanent"})
    void theCommandAndTheConsolesVerbTakeAllThatTheServerTakes(String form, String command, String verb)
            throws Exception {
        JsonNode description;
        try (var api = new Api(new Connection(URI.create(lab.address()),
                new ServerTrust(Optional.of(lab.site().server().thumbprint()), Optional.empty()), ""))) {
            description = api.object("openapi.json");
        }
        var fields = description.at("/components/schemas/%s/properties".formatted(form)).propertyNames()
                .stream()
                // What the command and the verb begin with.
                .filter(field -> !field.equals("backup") && !field.equals("vm"))
                .map(field -> AS_PEOPLE_WRITE.getOrDefault(field, field)).toList();
        var help = lab.run(command, "--help").output();

        assertThat(fields).contains("name").isSubsetOf(Options.of(verb))
                .allSatisfy(field -> assertThat(help).containsPattern("--(\\[no-])?%s\\b"
                        .formatted(field.equals("networks")
                                ? "map-network"
                                : field.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))));
    }

    @Test
    void progressThatGoesToAFileIsLinesWithoutCodes() throws Exception {
        var done = lab.run("finalize", "running-01", "--limit", "2 MB/s");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).doesNotContain("\u001b", "\r").contains("hydrating ")
                .endsWith("finalized running-01; the backup is not needed any more\n");
    }
}
