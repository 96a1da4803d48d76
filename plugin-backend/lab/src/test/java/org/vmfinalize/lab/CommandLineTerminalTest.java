package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// The command line and the console in a terminal, as a person types and reads.
@TestInstance(Lifecycle.PER_CLASS)
class CommandLineTerminalTest {

    private CommandLineLab lab;

    @BeforeAll
    void runAVm(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder);
        var backup = lab.backup("term-01", 8 << 20);
        for (var name : new String[]{"term-01", "other-01"}) {
            lab.site().api().createInstantVm(name, backup.toString(), LabSite.DATASTORE);
        }
    }

    @AfterAll
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void theFirstInterruptLetsGoOfAJobAndTheSecondAsksWhetherToCancelIt() throws Exception {
        try (var terminal = TerminalSession.open(lab, "interrupts", "bash", "--norc", "--noprofile")) {
            terminal.type("vm-finalize finalize term-01 --limit '100 kB/s'", "Enter");
            assertThat(terminal.await("hydrating ["))
                    .containsPattern("hydrating \\[[█·]{10}\\] +\\d+ %  \\d+ of 8 MiB");
            terminal.type("C-c");
            terminal.await("the job goes on without this command; 'vm-finalize watch vm-");
            terminal.type("echo status $?", "Enter");
            terminal.await("status 130");
            assertThat(lab.run("finalizations").output()).contains("hydrating");

            terminal.type("clear", "Enter", "vm-finalize watch term-01", "Enter");
            terminal.await("hydrating [");
            terminal.type("C-c");
            terminal.await("the job goes on");
            terminal.type("C-c");
            terminal.await("cancel the finalization of term-01? [y/N]");
            terminal.type("y", "Enter");
            terminal.await("cancelled; term-01 goes on running from its backup");
            assertThat(lab.names()).contains("term-01");
        }
    }

    @Test
    void aTableHasBoldHeadingsInATerminalAndNoneWhereThatIsNotWanted() throws Exception {
        try (var terminal = TerminalSession.open(lab, "table", "bash", "--norc", "--noprofile")) {
            terminal.type("vm-finalize vms", "Enter");
            terminal.await("other-01");
            assertThat(terminal.colouredScreen()).contains("\u001b[1mNAME");

            terminal.type("clear; NO_COLOR=1 vm-finalize vms", "Enter");
            terminal.await("other-01");
            assertThat(terminal.colouredScreen()).doesNotContain("\u001b[1mNAME");
        }
    }

    @Test
    void bashCompletesVerbsOptionsAndTheNamesOfVms() throws Exception {
        try (var terminal = TerminalSession.open(lab, "bash", "bash", "--norc", "--noprofile")) {
            terminal.type("source <(vm-finalize completion) && echo re''ady", "Enter");
            terminal.await("ready");
            assertCompletes(terminal);
        }
    }

    @Test
    void zshCompletesVerbsOptionsAndTheNamesOfVms() throws Exception {
        Programs.require("zsh", "zsh");
        try (var terminal = TerminalSession.open(lab, "zsh", "zsh", "-f")) {
            terminal.type(
                    "autoload -U compinit && compinit -u && source <(vm-finalize completion) && echo re''ady",
                    "Enter");
            terminal.await("ready");
            assertCompletes(terminal);
        }
    }

    private static void assertCompletes(TerminalSession terminal) throws Exception {
        terminal.type("clear", "Enter", "vm-finalize disc", "Tab");
        terminal.await("vm-finalize discard");
        // There is discards, too.
        terminal.type(" oth", "Tab");
        terminal.await("vm-finalize discard other-01");
        terminal.type("--keep", "Tab");
        terminal.await("vm-finalize discard other-01 --keep-changes");
    }

    @Test
    void theManualIsWhatManReads() throws Exception {
        Programs.require("man", "man-db");
        var page = Files.writeString(lab.folder().resolve("vm-finalize.1"), lab.run("man").output());
        var verb = Files.writeString(lab.folder().resolve("vm-finalize-finalize.1"),
                lab.run("man", "finalize").output());

        assertThat(man(page)).contains("SYNOPSIS", "vm-finalize COMMAND", "finalize", "EXIT STATUS");
        assertThat(man(verb)).contains("--provisioning MODE", "--[no-]wait",
                "vm-finalize finalize web-01 --name web-01-prod --provisioning thick --limit '200 MB/s'")
                .doesNotContain("warning");
        assertThat(lab.run("man", "finalise").errors()).contains("did you mean finalize");
    }

    private String man(Path page) throws IOException, InterruptedException {
        return LabRun.tool(lab.folder(), "env", "MANWIDTH=120", "LC_ALL=C.UTF-8", "MAN_KEEP_FORMATTING=",
                "man", "--warnings", "-l", page.toString());
    }
}
