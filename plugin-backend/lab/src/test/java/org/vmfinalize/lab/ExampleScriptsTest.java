package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The scripts of `scripts/examples`, each on a server and a vCenter that run.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(180)
class ExampleScriptsTest {

    private static final Path EXAMPLES = Path.of("..", "..", "scripts", "examples").toAbsolutePath()
            .normalize();
    private static final int SIZE = 4 << 20;

    private CommandLineLab lab;

    @BeforeAll
    void startALab(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder, "restore/good-01", "restore/bad-01", "silent/silent-01",
                "guest/guest-01");
    }

    @AfterAll
    void stop() throws IOException {
        lab.close();
    }

    /// Each test has the server for itself.
    @AfterEach
    void leaveNoVm() throws IOException, InterruptedException {
        for (var name : lab.names().lines().skip(1).map(line -> line.split(",", 2)[0]).toList()) {
            lab.run("cancel", name);
            assertThat(lab.run("discard", name, "--yes")).returns(0, CommandRun::status);
        }
    }

    @Test
    void atNightAllIsFinalizedAndTheDaysLimitHoldsFromTheMorningOn() throws Exception {
        runVm("night-01", SIZE);
        runVm("other-01", SIZE);
        var morning = LocalTime.now(ZoneId.systemDefault()).plusSeconds(6).truncatedTo(ChronoUnit.SECONDS);

        var done = script("finalize-tonight", "--from", morning.minusHours(3).toString(), "--until",
                morning.toString(), "--vms", "night-.*", "--night-limit", "100 kB/s", "--day-limit",
                "1 GB/s");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).contains("night-01: begun", "day: 1 GB/s", "night-01: completed, 100 %")
                .doesNotContain("other-01");
        assertThat(lab.names()).contains("other-01").doesNotContain("night-01");
    }

    @Test
    void byDayWithoutALimitTheWorkWaitsForTheNight() throws Exception {
        runVm("night-02", SIZE);
        var evening = LocalTime.now(ZoneId.systemDefault()).plusSeconds(25).truncatedTo(ChronoUnit.SECONDS);

        var done = script("finalize-tonight", "--now", "--from", evening.toString(), "--until",
                evening.plusHours(3).toString());

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).containsSubsequence("night-02: begun", "night: no pause", "completed");
    }

    @Test
    void theLatestBackupOfEveryVmIsRunCheckedAndThrownAway() throws Exception {
        lab.awaitBackups("good-01", "bad-01");
        var html = lab.folder().resolve("report.html");
        var junit = lab.folder().resolve("report.xml");

        var done = script("restore-test", "--folder", lab.backups().resolve("restore").toString(),
                "--datastore", LabSite.DATASTORE, "--wait-for", "power", "--check",
                "case $VM_NAME in *good*) test -n \"$VM_ID\";; *) echo no service; false;; esac", "--html",
                html.toString(), "--junit", junit.toString());

        assertThat(done).as("%s", done).returns(1, CommandRun::status);
        assertThat(done.output()).contains("good-01: restored", "bad-01: --check: must end with status 0");
        assertThat(done.errors()).contains("1 of 2 VMs were not restored");
        assertThat(Files.readString(html)).contains("1 of 2 VMs were restored", "no service");
        var suite = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile())
                .getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("failure").item(0).getParentNode().getAttributes()
                .getNamedItem("name").getNodeValue()).isEqualTo("bad-01");
        assertThat(lab.names()).doesNotContain("restore-test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools", "ip", "port"})
    void aRestoreTestWaitsForVMwareToolsAnAddressOrAPort(String what) throws Exception {
        lab.awaitBackups("guest-01");
        try (var guests = new LabGuests(lab.site().vsphere(), "restore-test-guest-01")) {
            var done = script("restore-test", "--folder", lab.backups().resolve("guest").toString(),
                    "--datastore", LabSite.DATASTORE, "--wait-for",
                    what.equals("port") ? "port:" + guests.port() : what, "--check",
                    what.equals("tools") ? "true" : "test \"$VM_IP\" = 127.0.0.1");

            assertThat(done).as("%s", done).returns(0, CommandRun::status);
            assertThat(done.output()).contains("guest-01: restored");
        }
    }

    @Test
    void aRestoreTestThatWaitsInVainSaysForWhat() throws Exception {
        lab.awaitBackups("silent-01");

        var done = script("restore-test", "--folder", lab.backups().resolve("silent").toString(),
                "--datastore", LabSite.DATASTORE, "--wait-for", "tools", "--patience", "2 s");

        assertThat(done).as("%s", done).returns(1, CommandRun::status);
        assertThat(done.output()).contains("silent-01: tools: must be there within 2 s but was not",
                "or use --wait-for power");
        assertThat(lab.names()).doesNotContain("silent-01");
    }

    @Test
    void aRepositoryIsEvacuatedAndOthersAreLeftAlone() throws Exception {
        runVm("nas-1/inside-01", SIZE);
        runVm("nas-10/outside-01", SIZE);
        var repository = lab.backups().resolve("nas-1").toString();

        var shown = script("evacuate-repository", "--repository", repository, "--only-show");
        assertThat(shown.output()).contains("1 VMs depend on", "inside-01: 4.0 MiB in ");
        assertThat(lab.names()).contains("inside-01");

        var done = script("evacuate-repository", "--repository", repository);
        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).contains("inside-01: completed, 100 %", "can be taken down");
        assertThat(lab.names()).contains("outside-01").doesNotContain("inside-01");
    }

    @Test
    void theReportTellsWhoDependsOnWhichBackup() throws Exception {
        var backup = runVm("held-01", SIZE);

        var json = new JsonMapper()
                .readTree(script("what-depends-on-which-backup", "--format", "json").output());

        assertThat(json.size()).isEqualTo(1);
        assertThat(json.at("/0/vm").asString()).isEqualTo("held-01");
        assertThat(json.at("/0/backup").asString()).isEqualTo(backup.toString());
        assertThat(json.at("/0/bytesInBackup").asLong()).isEqualTo(SIZE);
        assertThat(script("what-depends-on-which-backup").output()).contains("held-01 (vm-")
                .contains("1 backups are held by 1 VMs");
        assertThat(script("what-depends-on-which-backup", "--format=csv").output())
                .contains("\"held-01\"").startsWith("backup,place,takenAt");
    }

    @Test
    void vmsAreFinalizedInTheOrderOfTheList() throws Exception {
        for (var name : List.of("app-01", "sql-01", "log-01", "none-01")) {
            runVm(name, SIZE);
        }
        var list = Files.writeString(lab.folder().resolve("priorities.txt"),
                "# the database first\n1 sql-*\n2 app-01\n3 log-*\n");

        var done = script("finalize-by-priority", "--list", list.toString(), "--at-once", "1");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).containsSubsequence("sql-01: begins", "sql-01: completed",
                "app-01: begins", "app-01: completed", "log-01: begins", "3 VMs were made permanent");
        assertThat(lab.names()).contains("none-01").doesNotContain("sql-01");
    }

    @Test
    void vmsAreFinalizedInTheOrderOfTheirTags() throws Exception {
        var priorities = Map.of("tagged-low", "20", "tagged-top", "3", "tagged-mid", "10");
        for (var name : List.of("tagged-low", "tagged-top", "tagged-mid", "untagged-01")) {
            runVm(name, SIZE);
        }
        for (var vm : lab.site().vsphere().machines()) {
            if (priorities.containsKey(vm.name())) {
                lab.site().vsphere().attachTag(vm.id(), "City", "Berlin");
                lab.site().vsphere().attachTag(vm.id(), "Priority", priorities.get(vm.name()));
            }
        }

        var done = script("finalize-by-priority", "--at-once", "1");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).containsSubsequence("tagged-top: begins", "tagged-top: completed",
                "tagged-mid: begins", "tagged-mid: completed", "tagged-low: begins",
                "3 VMs were made permanent");
        assertThat(lab.names()).contains("untagged-01");
    }

    @Test
    void aTagThatIsNoNumberIsNamed() throws Exception {
        runVm("odd-01", SIZE);
        var vm = lab.site().vsphere().machines().stream().filter(each -> each.name().equals("odd-01"))
                .findFirst().orElseThrow();
        lab.site().vsphere().attachTag(vm.id(), "Priority", "high");

        var refused = script("finalize-by-priority");

        assertThat(refused).returns(1, CommandRun::status);
        assertThat(refused.errors()).contains("odd-01: its tag Priority must be a number but is 'high'");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eachTellsItsUseAndRefusesWhatItDoesNotKnow(String name) throws Exception {
        var help = script(name, "--help");
        assertThat(help).returns(0, CommandRun::status);
        assertThat(help.output()).contains("scripts/vm-finalize run-script scripts/examples/" + name);

        var refused = script(name, "--fromat", "x");
        assertThat(refused).returns(1, CommandRun::status);
        assertThat(refused.errors().lines()).singleElement().asString()
                .contains(name + ".groovy:", "--fromat: no such option; ");
    }

    static Stream<String> examples() throws IOException {
        try (var files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString().replace(".groovy", "")).sorted().toList()
                    .stream();
        }
    }

    private Path runVm(String backup, int bytes) throws IOException {
        var file = lab.backup(backup, bytes);
        lab.site().api().createInstantVm(file.getFileName().toString().replace(".raw", ""), file.toString(),
                LabSite.DATASTORE);
        return file;
    }

    private CommandRun script(String name, String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("run-script", EXAMPLES.resolve(name + ".groovy").toString()));
        all.addAll(List.of(arguments));
        return lab.run(all.toArray(String[]::new));
    }
}
