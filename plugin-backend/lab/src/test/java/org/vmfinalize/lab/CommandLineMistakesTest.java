package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people do wrong, and what they are told: one line, with what to do, and an exit status that scripts can tell apart.
@TestInstance(Lifecycle.PER_CLASS)
class CommandLineMistakesTest {

    private CommandLineLab lab;

    @BeforeAll
    void startALab(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder);
        var backup = lab.backup("twin", 1 << 20).toString();
        for (var place : new String[]{"vm", "Restored"}) {
            lab.site().api().run(Map.of("name", "twin", "backup", backup, "datastore", LabSite.DATASTORE,
                    "folder", place));
        }
    }

    @AfterAll
    void stop() throws IOException {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            finalise twin               | 2 | did you mean finalize
            vmz                         | 2 | did you mean vms
            vsm                         | 2 | did you mean vms
            finalize twin --limt 1      | 2 | did you mean --limit
            finalize twin --limit quick | 2 | --limit:
            finalize                    | 2 | VM
            vms --output xml            | 2 | table
            run twin --name x --cpus    | 2 | --cpus
            run twin --name x --memory 5| 2 | --memory:
            finalize twn                | 5 | did you mean twin?
            watch nobody                | 5 | finalization nobody: none of that name
            receipt nobody              | 5 | finalization nobody: none of that name
            """, delimiter = '|')
    void aSlipIsToldInOneLine(String words, int status, String reason) throws Exception {
        assertRefused(lab.run(words.split(" ", -1)), status, reason);
    }

    @Test
    void vmsOfOneNameAreToldWithTheirPaths() throws Exception {
        var refused = lab.run("finalize", "twin");

        assertRefused(refused, 5, "must be one but there are 2 of that name; give the id of one: vm-");
        assertThat(refused.errors()).containsPattern(
                "vm-\\d+ at \\[lab-datastore\\] twin, vm-\\d+ at \\[lab-datastore\\] twin_1");
        var script = Files.writeString(lab.folder().resolve("twin.groovy"), "vm('twin').discard()");
        assertRefused(lab.run("run-script", script.toString()), 1,
                "twin.groovy:1: VM twin: must be one but there are 2");
    }

    @Test
    void aSessionThatIsOverIsToldWithTheWayToANewOne() throws Exception {
        var other = lab.folder().resolve("other");
        Files.copy(lab.home().resolve("vm-finalize/session.json"),
                Files.createDirectories(other.resolve("vm-finalize")).resolve("session.json"));
        assertThat(CommandRun.of(other, Map.of(), "logout")).returns(0, CommandRun::status);
        try {
            assertRefused(lab.run("vms"), 4, "vm-finalize login");
        } finally {
            lab.logIn();
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        var nobody = Files.createDirectories(lab.folder().resolve("nobody"));

        assertRefused(CommandRun.of(nobody, Map.of("VMFINALIZE_PASSWORD", "x"), "login",
                "https://127.0.0.1:1", "--user", "x"), 3,
                "https://127.0.0.1:1/: must be reachable but is not (nobody answers there)");
        assertRefused(CommandRun.of(nobody, Map.of("VMFINALIZE_PASSWORD", "x"), "login",
                "http://127.0.0.1", "--user", "x"), 2, "must be an address such as https://");
    }

    @Test
    void aWrongPasswordIsToldAndNotRepeated() throws Exception {
        var guesser = Files.createDirectories(lab.folder().resolve("guesser"));

        var refused = CommandRun.of(guesser, Map.of("VMFINALIZE_PASSWORD", "not-the-password"), "login",
                lab.address(), "--user", lab.site().vsphere().userName(), "--thumbprint",
                lab.site().server().thumbprint());

        assertRefused(refused, 4, "check both");
        assertThat(refused.errors()).doesNotContain("not-the-password", "log in with");
    }

    @Test
    void noPasswordIsAskedForBeforeTheServerIsTrusted() throws Exception {
        var stranger = Files.createDirectories(lab.folder().resolve("stranger"));

        assertRefused(
                CommandRun.of(stranger, Map.of(), "login", lab.address(), "--user", "x", "--thumbprint",
                        "00".repeat(32)),
                3, "log in with --thumbprint " + lab.site().server().thumbprint());
        assertRefused(CommandRun.of(stranger, Map.of(), "login", lab.address(), "--user", "x",
                "--thumbprint", lab.site().server().thumbprint()), 2, "password: none is given");
    }

    @Test
    void aScriptTellsItsUseWithoutASession() throws Exception {
        var visitor = Files.createDirectories(lab.folder().resolve("visitor"));
        var script = Files.writeString(lab.folder().resolve("use.groovy"),
                "// Says hello.\nprintln 'hello'\n");

        assertThat(CommandRun.of(visitor, Map.of(), "run-script", script.toString(), "--help"))
                .returns(0, CommandRun::status).returns("Says hello.\n", CommandRun::output);
        assertRefused(CommandRun.of(visitor, Map.of(), "run-script", script.toString()), 4, "log in");
    }

    @Test
    void aMissingPrivilegeIsNamed() throws Exception {
        var operator = Files.createDirectories(lab.folder().resolve("operator"));
        assertThat(CommandRun.of(operator,
                Map.of("VMFINALIZE_PASSWORD", lab.site().vsphere().operatorPassword()), "login",
                lab.address(), "--user", lab.site().vsphere().operatorName(), "--thumbprint",
                lab.site().server().thumbprint())).returns(0, CommandRun::status);
        var id = lab.names().lines().toList().getLast().split(",", -1)[1];

        assertRefused(CommandRun.of(operator, Map.of(), "finalize", id), 4, "vmfinalize.Finalize");
    }

    @Test
    void aBrokenScriptIsToldByLineAndCauseAndByATraceOnlyIfThatIsAskedFor() throws Exception {
        var script = Files.writeString(lab.folder().resolve("broken.groovy"),
                "def vm = null\n\nvm.discard()\n");

        assertRefused(lab.run("run-script", script.toString()), 1,
                "broken.groovy:3: Cannot invoke method discard() on null object");
        assertThat(lab.run("run-script", "--debug", script.toString()).errors())
                .contains("broken.groovy:3: ", "Caused by: java.lang.NullPointerException");
        var unfinished = Files.writeString(lab.folder().resolve("unfinished.groovy"),
                "println 1\ndef x = (\n");
        assertRefused(lab.run("run-script", unfinished.toString()), 1,
                "unfinished.groovy:3: Unexpected input");
        var typo = Files.writeString(lab.folder().resolve("typo.groovy"), "\nvmz.size()\n");
        assertRefused(lab.run("run-script", typo.toString()), 1,
                "typo.groovy:2: vmz: there is no such word; did you mean vm or vms?");
        assertRefused(lab.run("run-script", "no-such-file.groovy"), 2,
                "no-such-file.groovy: must be a script");
    }

    private static void assertRefused(CommandRun run, int status, String reason) {
        assertThat(run).as("%s", run).returns(status, CommandRun::status);
        assertThat(run.errors().lines()).singleElement().asString().startsWith("vm-finalize: ")
                .contains(reason);
    }
}
