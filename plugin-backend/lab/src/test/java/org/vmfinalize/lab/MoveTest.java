package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.backup.BackupContent;
import org.vmfinalize.lab.backup.BackupMaker;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.lab.guest.GuestPlan;

/// Storage vMotion on real bytes: the lab's host copies the disks to another datastore while the guest reads and writes.
@Timeout(300)
class MoveTest {

    private static final long SIZE = 48 << 20;

    @TempDir
    private static Path folder;

    private static LabSite site;
    private static MadeBackup backup;
    private static int vms;

    private InstantVm vm;
    private Guest guest;
    private FlatFile disk;
    private boolean guestRuns;

    @BeforeAll
    static void start() throws IOException {
        backup = BackupMaker.make(folder.resolve("backup"), new BackupContent(31, SIZE), _ -> {
        });
        site = LabSite.open(folder.resolve("server"), folder.resolve("backup"),
                Files.createDirectories(folder.resolve("datastore")), 0);
        site.startServer();
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    @BeforeEach
    void run() throws IOException {
        vm = site.api().createInstantVm("move-%02d".formatted(++vms), backup.top().toString(),
                LabSite.DATASTORE);
        disk = FlatFile.of(site.datastoreDirectory(), vm.disks().getFirst().file());
        guest = Guest.start(site.nfs(), LabSite.EXPORT, disk.inDatastore(), backup.content(),
                new GuestPlan(vms, 200, 2));
        guestRuns = true;
        site.host().runs(disk.inDatastore(), guest);
    }

    @AfterEach
    void stopGuest() throws IOException {
        if (guestRuns) {
            guestRuns = false;
            guest.stop();
        }
    }

    private FinalizationStatus begin(String field, Object value) throws IOException {
        return site.api().finalizeVm(Map.of("vm", vm.id(), "moveTo", LabSite.OTHER_DATASTORE, field, value));
    }

    private static FinalizationStatus awaitState(String id, String state) throws IOException {
        var status = site.api().finalization(id);
        while (!status.state().equals(state)) {
            assertThat(status.isFinal()).as(status.toString()).isFalse();
            site.api().follow(id, now -> !now.state().equals(state));
            status = site.api().finalization(id);
        }
        return status;
    }

    private void assertMoved() throws IOException {
        long writes = guest.report().writes();
        while (guest.report().writes() < writes + 20) {
            Thread.onSpinWait();
        }
        stopGuest();
        assertThat(guest.report().firstError()).isEmpty();
        var flat = site.otherDatastore().resolve(disk.inDatastore());
        assertThat(DiskCheck.ofFile(flat, guest.expectedDisk()).isIdentical()).isTrue();
        assertThat(Path.of(flat.toString().replace("-flat.vmdk", ".vmdk"))).content()
                .contains("-flat.vmdk");
        assertThat(site.datastoreDirectory().resolve(vm.name())).doesNotExist();
        assertThat(site.vsphere().vm(vm.id()).managed()).isFalse();
        try (var files = Files.list(folder.resolve("backup"))) {
            assertThat(files).as("leases").noneMatch(file -> file.toString().contains(".lease-"));
        }
    }

    @Test
    void aFinalizedMachineIsMovedWhileItsGuestGoesOn() throws Exception {
        var id = begin("provisioning", "thick").id();

        var done = awaitState(id, "completed");

        assertThat(done.doneBytes()).isEqualTo(done.totalBytes()).isGreaterThan(SIZE);
        assertMoved();
    }

    @Test
    void aMachineIsMovedInsteadStraightFromItsBackup() throws Exception {
        var id = begin("moveInstead", true).id();

        awaitState(id, "completed");

        assertMoved();
    }

    /// vCenter goes on while the server is away.
    @Test
    void aKilledServerFindsTheTaskAgainThatMovesTheMachine() throws Exception {
        site.host().hold();
        var id = begin("moveInstead", true).id();
        awaitState(id, "moving");
        site.host().awaitMove();

        site.server().kill();
        site.startServer();
        awaitState(id, "moving");
        site.host().release();

        awaitState(id, "completed");
        assertThat(site.vsphere().tasksOf(vm.id(), "Relocate virtual machine")).hasSize(1);
        assertMoved();
    }

    @Test
    void cancellingLeavesTheMachineWhereItIs() throws Exception {
        site.host().hold();
        var id = begin("moveInstead", true).id();
        site.host().awaitMove();
        site.api().cancel(id);
        assertThat(site.vsphere().vcenter().await(Duration.ofMinutes(2),
                () -> site.vsphere().tasksOf(vm.id(), "Relocate virtual machine").getFirst().cancelled()))
                .isTrue();
        site.host().release();

        awaitState(id, "cancelled");

        assertThat(site.vsphere().vm(vm.id()).managed()).isTrue();
        assertThat(site.otherDatastore().resolve(disk.inDatastore())).doesNotExist();
        stopGuest();
        assertThat(guest.report().firstError()).isEmpty();
        assertThat(DiskCheck.throughNfs(site.nfs(), LabSite.EXPORT, disk.inDatastore(), guest.expectedDisk())
                .isIdentical()).isTrue();
        site.api().discard(vm.id(), "kept/" + vm.name());
    }
}
