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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the language promises, word for word as administrators were promised it.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class ConsoleExamplesTest {

    private CommandLineLab lab;

    @BeforeAll
    void startALab(@TempDir Path folder) throws IOException, InterruptedException {
        lab = CommandLineLab.start(folder, "db-01");
        lab.awaitBackups("db-01");
    }

    @AfterAll
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void allThatRunFromBackupsAreMadePermanent() throws Exception {
        lab.run("run", "db-01", "--name", "each-01");
        lab.run("run", "db-01", "--name", "each-02");

        assertThat(script("vms.runningFromBackup.each { it.makePermanent provisioning: 'thin' }\n"))
                .returns(0, CommandRun::status);

        for (var name : new String[]{"each-01", "each-02"}) {
            assertThat(lab.run("watch", name)).returns(0, CommandRun::status);
        }
    }

    @Test
    void oneIsMadePermanentUnderAnotherNameWhileItsProgressIsTold() throws Exception {
        // The original of that name is in another folder of the inventory.
        assertThat(lab.run("run", "db-01", "--name", "web-01", "--folder", "Restored"))
                .returns(0, CommandRun::status);

        var done = script(
                "vm('web-01').makePermanent(name: 'web-01-prod', limit: '200 MB/s').onProgress { println it }.await()\n");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).contains("web-01-prod: completed, 100 %");
    }

    @Test
    void oneIsMovedToAnotherDatastoreOnceItsDisksAreComplete() throws Exception {
        lab.run("run", "db-01", "--name", "moved-01");

        var done = script("""
                def moved = vm('moved-01')
                println moved.plan(moveTo: 'local-01').move.name
                println moved.makePermanent(moveTo: 'local-01', provisioning: 'thick').await()
                """);

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertThat(done.output()).startsWith("local-01\n").contains("moved-01: completed");
        assertMoved("moved-01");
    }

    @Test
    void oneIsMovedInsteadStraightFromItsBackupEachDiskAsItIsAskedFor() throws Exception {
        lab.run("run", "db-01", "--name", "moved-02");

        assertThat(script("vm('moved-02').makePermanent(moveTo: 'nowhere').await()").errors())
                .contains("moveTo 'nowhere'");
        var done = script(
                "vm('moved-02').makePermanent(moveTo: 'local-01', moveInstead: true, diskProvisioning: ['disk-0': 'eager-thick']).await()");

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
        assertMoved("moved-02");
    }

    private void assertMoved(String name) throws IOException, InterruptedException {
        assertThat(lab.site().otherDatastore().resolve(name).resolve("disk-0-flat.vmdk"))
                .hasSameBinaryContentAs(lab.backups().resolve("db-01.raw"));
        assertThat(lab.site().datastoreDirectory().resolve(name)).doesNotExist();
        assertThat(lab.names()).doesNotContain(name);
    }

    @Test
    void aBackupIsRunTriedAndThrownAway() throws Exception {
        try (var _ = new LabGuests(lab.site().vsphere(), "db-01-test")) {
            var done = script(
                    """
                            backups.of('db-01').latest.run(name: 'db-01-test', host: 'esx-02', network: 'disconnected') { instant ->
                                assert instant.guest.ipAddress
                                instant.discard()
                            }
                            """);

            assertThat(done).as("%s", done).returns(0, CommandRun::status);
            assertThat(lab.names()).doesNotContain("db-01-test");
        }
    }

    @Test
    void aGuestThatTellsNoAddressIsGivenToTheClosureAllTheSame() throws Exception {
        var done = script("""
                backups.of('db-01').latest.run(name: 'mute-01', patience: '1 s') {
                    assert it.guest.ipAddress == null && !it.guest.toolsRunning
                    it.discard()
                }
                """);

        assertThat(done).as("%s", done).returns(0, CommandRun::status);
    }

    @Test
    void mistakesInArgumentsAreToldWithWhatIsMeant() throws Exception {
        lab.run("run", "db-01", "--name", "slip-01");

        assertThat(script("vm('slip-01').makePermanent(provisoning: 'thin')").errors())
                .contains("makePermanent: takes no 'provisoning'; did you mean provisioning?");
        assertThat(script("backups.of('db-02')").errors()).contains("did you mean db-01?");
        assertThat(script("finalization('nobody')").errors())
                .contains("finalization nobody: none of that name was or is under way");
        assertThat(script("println vm('slip-01').plan(provisioning: 'thick').datastore.neededBytes").output())
                .isEqualTo("4194304\n");
        assertThat(lab.run("discard", "slip-01", "--yes")).returns(0, CommandRun::status);
    }

    private CommandRun script(String text) throws IOException, InterruptedException {
        return lab.run("run-script",
                Files.writeString(lab.folder().resolve("example.groovy"), text).toString());
    }
}
