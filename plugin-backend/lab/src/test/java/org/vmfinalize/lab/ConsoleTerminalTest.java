package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The console in a terminal, as a person types and reads.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class ConsoleTerminalTest {

    private static final String PROMPT = "groovy>";

    private CommandLineLab lab;

    @BeforeAll
    void runAVm(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder);
        var backup = lab.backup("other-01", 8 << 20);
        lab.site().api().createInstantVm("other-01", backup.toString(), LabSite.DATASTORE);
    }

    @AfterAll
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void verbsAndTheNamesOfVmsAreCompleted() throws Exception {
        try (var terminal = console("completion")) {
            terminal.type("vm('oth", "Tab");
            terminal.await("groovy> vm('other-01')");
            terminal.type(".pow", "Tab");
            terminal.await("groovy> vm('other-01').powerState");
            terminal.type("Enter");
            terminal.await("poweredOn");

            terminal.type("clear", "Enter", "vms.run", "Tab");
            terminal.await("vms.runningFromBackup");
            terminal.type(".each { it.makePermanent pro", "Tab");
            terminal.await("it.makePermanent provisioning:");
            terminal.type("C-c");
        }
        assertThat(lab.run("finalizations", "-o", "csv").output()).doesNotContain("other-01");
    }

    @Test
    void tablesHaveColoursUnlessTheyAreNotWanted() throws Exception {
        try (var terminal = console("colours")) {
            terminal.type("vms", "Enter");
            terminal.await("other-01");
            assertThat(terminal.colouredScreen()).contains("\u001b[1mNAME").contains("\u001b[32mpoweredOn");
            terminal.type("vms.runningFromBackup", "Enter");
            terminal.await(screen -> screen.split("other-01", -1).length == 3, "two tables");
        }
        try (var terminal = TerminalSession.open(lab, "plain", "env", "NO_COLOR=1", "bash", "--norc",
                "--noprofile")) {
            terminal.type("vm-finalize console", "Enter");
            terminal.await(PROMPT);
            terminal.type("vms", "Enter");
            terminal.await("other-01");
            assertThat(terminal.colouredScreen()).contains("NAME").doesNotContain("\u001b[32m",
                    "\u001b[1mNAME");
        }
    }

    @Test
    void theHelpShowsWhatCanBeSaid() throws Exception {
        try (var terminal = console("help")) {
            terminal.type("help", "Enter");
            assertThat(terminal.await("/help  tells of the console itself")).contains("vm('web-01')",
                    ".makePermanent(name: 'web-01-prod'", ".of('db-01').latest",
                    ".onProgress { println it }");
        }
    }

    @Test
    void theHistoryIsThereInTheNextSession() throws Exception {
        try (var terminal = console("history")) {
            terminal.type("'remember ' + 'me'", "Enter");
            terminal.await("remember me");
            terminal.type("C-d");
            terminal.await("$");
            terminal.type("clear", "Enter", "vm-finalize console", "Enter");
            terminal.await(PROMPT);
            terminal.type("Up");
            terminal.await("groovy> 'remember ' + 'me'");
        }
    }

    @Test
    void errorsAreOneLineAndVariablesAreKept() throws Exception {
        try (var terminal = console("errors")) {
            terminal.type("vm('othr-01')", "Enter");
            assertThat(terminal.await("did you mean other-01?")).doesNotContain("ConsoleException", "\tat ");
            terminal.type("def found = vm('other-01')", "Enter", "found.name + '!'", "Enter");
            terminal.await("other-01!");
            terminal.type("assert 1 ==", "Enter");
            terminal.await("at column");
            terminal.type("found.nme", "Enter");
            assertThat(terminal.await("nme: Vm has none; did you mean name?")).doesNotContain("\tat ");
        }
    }

    @Test
    void ctrlCLetsGoOfAJobAndTheConsoleGoesOn() throws Exception {
        var backup = lab.backup("slow-01", 8 << 20);
        lab.site().api().createInstantVm("slow-01", backup.toString(), LabSite.DATASTORE);
        try (var terminal = console("detach")) {
            terminal.type("vm('slow-01').makePermanent(limit: '10 kB/s').onProgress { println it }.await()",
                    "Enter");
            terminal.await("slow-01: hydrating");
            terminal.type("C-c");
            terminal.await("not waited for any more, and it goes on");
            terminal.type("finalization('slow-01').state", "Enter");
            terminal.await(screen -> screen.lines().anyMatch(line -> line.strip().equals("hydrating")),
                    "its state");
        } finally {
            lab.run("cancel", "slow-01");
        }
    }

    private TerminalSession console(String name) throws IOException, InterruptedException {
        var terminal = TerminalSession.open(lab, name, "bash", "--norc", "--noprofile");
        terminal.type("vm-finalize console", "Enter");
        terminal.await(PROMPT);
        return terminal;
    }
}
