package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.backup.BackupContent;
import org.vmfinalize.lab.backup.BackupMaker;
import org.vmfinalize.lab.backup.MadeBackup;
import tools.jackson.databind.json.JsonMapper;

/// The command line and the console's language as an administrator uses them, on a server and a vCenter that run.
@TestInstance(Lifecycle.PER_CLASS)
class CommandLineTest {

    private Path folder;
    private Path home;
    private LabSite site;
    private MadeBackup backup;

    @BeforeAll
    void startALabAndLogIn(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        home = Files.createDirectories(folder.resolve("home"));
        backup = BackupMaker.make(folder.resolve("backups"), new BackupContent(1, 16 << 20), _ -> {
        });
        site = LabSite.open(folder.resolve("server"), folder.resolve("backups"),
                Files.createDirectories(folder.resolve("datastore")), 0);
        site.startServer();
        var login = CommandRun.of(home, Map.of("VMFINALIZE_PASSWORD_FILE", passwordFile().toString()),
                "login", address(),
                "--user", site.vsphere().userName(), "--thumbprint", site.server().thumbprint());
        assertThat(login.status()).as("%s", login).isZero();
    }

    @AfterAll
    void stop() throws IOException {
        site.close();
    }

    @Test
    void aVmIsListedFinalizedAndListedNoMore() throws IOException, InterruptedException {
        site.api().createInstantVm("cli-01", backup.top().toString(), LabSite.DATASTORE);

        assertThat(run("vms").output()).contains("cli-01").contains("poweredOn");
        var done = run("finalize", "cli-01", "--name", "cli-01-prod", "--limit", "1 GB/s");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).contains("finalized cli-01-prod");
        assertThat(run("vms").output()).doesNotContain("cli-01");
        assertThat(run("finalizations", "--output", "csv").output()).contains("cli-01-prod,")
                .contains(",completed,100 %,");
    }

    @Test
    void datastoresAreListedWithTheirRoom() throws IOException, InterruptedException {
        assertThat(run("datastores").output()).contains(LabSite.DATASTORE).contains(LabSite.EXPORT)
                .contains("GiB");
    }

    @Test
    void aBackupThatWasNotThereIsNamedWhenItIsToBeVerified() throws IOException, InterruptedException {
        assertRefused(run("verify-backup", "nobody"), 5, "restore point 'nobody': there is none");
    }

    @Test
    void programsGetTheServersOwnJson() throws IOException, InterruptedException {
        site.api().createInstantVm("json-01", backup.top().toString(), LabSite.DATASTORE);

        var vms = new JsonMapper().readTree(run("vms", "-o", "json").output());

        assertThat(vms.valueStream().map(vm -> vm.path("name").asString(""))).contains("json-01");
        assertThat(run("vms", "--output=yaml").output()).contains("name: \"json-01\"");
    }

    @Test
    void aJobIsPausedResumedAndCancelledByTheVmsName() throws IOException, InterruptedException {
        site.api().createInstantVm("slow-01", backup.top().toString(), LabSite.DATASTORE);

        assertThat(run("finalize", "slow-01", "--limit", "1 kB/s", "--no-wait").status()).isZero();
        assertThat(run("pause", "slow-01").output()).contains("paused");
        assertThat(run("resume", "slow-01").status()).isZero();
        assertThat(run("cancel", "slow-01")).returns(0, CommandRun::status)
                .returns("slow-01 is cancelled; the VM goes on running from its backup\n",
                        CommandRun::output);
        assertThat(run("watch", "slow-01")).returns(6, CommandRun::status);
    }

    @Test
    void aDiscardThatCannotComeToItsEndIsListedAndWithdrawn() throws IOException, InterruptedException {
        for (var name : new String[]{"stuck-01", "stuck-02"}) {
            site.api().createInstantVm(name, backup.top().toString(), LabSite.DATASTORE);
            Files.createDirectories(folder.resolve("server/changes"));
            Files.writeString(folder.resolve("server/changes").resolve(name), "where a folder is needed");
            assertThat(run("discard", name, "--yes", "--keep-changes", name + "/day-1").status()).isOne();
        }
        assertThat(run("discards", "stuck", "--output", "csv").output()).contains("stuck-01,",
                ",discarding,");
        assertRefused(run("withdraw", "stuck-03"), 5, "did you mean stuck-0");

        assertThat(run("withdraw", "stuck-01").output()).contains("VM stuck-01 is not thrown away");
        var script = Files.writeString(folder.resolve("withdraw.groovy"),
                "discards.of('stuck-02').withdraw(); println discards.running");
        assertThat(run("run-script", script.toString())).returns(0, CommandRun::status)
                .returns("[]\n", CommandRun::output);

        for (var name : new String[]{"stuck-01", "stuck-02"}) {
            assertThat(run("discard", name, "--yes")).returns(0, CommandRun::status);
        }
        assertThat(run("discards", "stuck-01").output()).contains("discarded");
        assertRefused(run("withdraw", "stuck-01"), 1, "stuck-01");
    }

    @Test
    void aScriptSpeaksOfVmsAndBackups() throws IOException, InterruptedException {
        site.api().createInstantVm("script-01", backup.top().toString(), LabSite.DATASTORE);
        var script = Files.writeString(folder.resolve("finalize.groovy"),
                """
                        assert vms.runningFromBackup*.name.contains('script-01')
                        vm('script-01').makePermanent(name: args[0], limit: '1 GB/s').onProgress { println it }.await()
                        println "done: ${finalizations.find { it.vm == args[0] }.state}"
                        """);

        var done = run("run-script", script.toString(), "script-02");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).contains("script-02: completed, 100 %").endsWith("done: completed\n");
    }

    @Test
    void aBrokenScriptIsToldByItsLineAndNotByATrace() throws IOException, InterruptedException {
        var wrongVerb = Files.writeString(folder.resolve("verb.groovy"), "\nvm('nobody').makePermanent()\n");
        var noGroovy = Files.writeString(folder.resolve("syntax.groovy"), "def (\n");

        assertRefused(run("run-script", wrongVerb.toString()), 1,
                "verb.groovy:2: VM nobody: none of that name");
        assertRefused(run("run-script", noGroovy.toString()), 1, "syntax.groovy:2: Unexpected input");
    }

    @Test
    void mistakesAreToldInOneLineWithARemedy() throws IOException, InterruptedException {
        site.api().createInstantVm("known-01", backup.top().toString(), LabSite.DATASTORE);

        assertRefused(run("finalize", "knwn-01"), 5, "did you mean known-01?");
        assertRefused(run("finalise", "known-01"), 2, "did you mean finalize");
        assertRefused(run("finalize", "known-01", "--provisoning", "thin"), 2,
                "did you mean --provisioning");
        assertRefused(run("finalize", "known-01", "--limit", "fast"), 2,
                "'fast' must be a rate such as 200 MB/s");
        assertRefused(run("finalize", "known-01", "--provisioning", "thinn"), 1, "thinn");
    }

    @Test
    void aCertificateThatIsNotTrustedIsShownWithTheWayToPinIt() throws IOException, InterruptedException {
        var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));

        var refused = CommandRun.of(elsewhere, Map.of("VMFINALIZE_PASSWORD", "x"), "login", address(),
                "--user", "x");

        assertRefused(refused, 3, "--thumbprint " + site.server().thumbprint());
        assertRefused(CommandRun.of(elsewhere, Map.of(), "vms"), 4, "log in with 'vm-finalize login");
    }

    @Test
    void aSessionThatOthersCanReadIsRefused() throws IOException, InterruptedException {
        var open = Files.createDirectories(folder.resolve("open"));
        var session = Files.createDirectories(open.resolve("vm-finalize")).resolve("session.json");
        Files.copy(home.resolve("vm-finalize/session.json"), session);
        Files.setPosixFilePermissions(session, PosixFilePermissions.fromString("rw-r--r--"));

        assertRefused(CommandRun.of(open, Map.of(), "vms"), 2, "chmod 600");
    }

    private Path passwordFile() throws IOException {
        var file = Files.createFile(folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, site.vsphere().password() + "\n");
    }

    private String address() {
        return "https://127.0.0.1:" + site.server().address().getPort();
    }

    private CommandRun run(String... arguments) throws IOException, InterruptedException {
        return CommandRun.of(home, Map.of(), arguments);
    }

    private static void assertRefused(CommandRun run, int status, String reason) {
        assertThat(run).as("%s", run).returns(status, CommandRun::status);
        assertThat(run.errors().lines()).singleElement().asString().startsWith("vm-finalize: ")
                .contains(reason);
    }
}
