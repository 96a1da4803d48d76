package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.lab.backup.BackupContent;
import org.vmfinalize.lab.backup.BackupMaker;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.lab.guest.GuestPlan;

/// What the server refuses while a VM runs from a backup, and that the VM does not notice.
@TestInstance(Lifecycle.PER_CLASS)
class BadInputTest {

    private static final long SIZE = 16 << 20;

    private Path folder;
    private LabSite site;
    private MadeBackup backup;
    private InstantVm vm;
    private FlatFile disk;
    private Guest guest;

    @BeforeAll
    void runAVmFromABackup(@TempDir Path temporary) throws IOException {
        folder = temporary;
        var datastore = Files.createDirectories(folder.resolve("datastore"));
        backup = BackupMaker.make(folder.resolve("backups"), new BackupContent(1, SIZE), _ -> {
        });
        site = LabSite.open(folder.resolve("server"), folder, datastore, 0);
        site.startServer();
        vm = site.api().createInstantVm("shop-01", backup.top().toString(), LabSite.DATASTORE);
        disk = FlatFile.of(datastore, vm.disks().getFirst().file());
        guest = Guest.start(site.nfs(), LabSite.EXPORT, disk.inDatastore(), backup.content(),
                new GuestPlan(1, 200, 2));
    }

    @AfterEach
    void theVmGoesOn() throws IOException {
        long reads = guest.report().reads();
        while (guest.report().reads() < reads + 20 && guest.report().errors() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(guest.report().firstError()).isEmpty();
        assertThat(site.api().instantVm(vm.id()).powerState()).isEqualTo("poweredOn");
        assertThat(site.vsphere().vm(vm.id()).managed()).isTrue();
        assertThat(site.vsphere().vm(vm.id()).name()).isEqualTo("shop-01");
    }

    @AfterAll
    void nothingWasLost() throws IOException {
        try {
            guest.stop();
            var check = DiskCheck.throughNfs(site.nfs(), LabSite.EXPORT, disk.inDatastore(),
                    guest.expectedDisk());
            assertThat(check.isIdentical()).as("%s", check).isTrue();
        } finally {
            site.close();
        }
    }

    @Test
    void aBackupThatDoesNotExist() {
        var missing = folder.resolve("backups/nothing.qcow2");

        assertRefused(() -> create("web-02", missing), "backup-not-found", missing.toString());
    }

    @Test
    void aBackupThatIsNoImage() throws IOException {
        var text = Files.writeString(folder.resolve("backups/notes.txt"), "not an image at all");

        assertRefused(() -> create("web-02", text), "not-an-image", text.toString());
    }

    @Test
    void aBackupThatIsCutOff() throws IOException {
        var cut = folder.resolve("backups/cut.qcow2");
        Files.copy(backup.files().getLast(), cut);
        try (var channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }

        assertRefused(() -> create("web-02", cut), "backup-damaged", "cut.qcow2");
    }

    @Test
    void aBackupWhoseBackingFileIsMissing() throws IOException {
        var lonely = Files.createDirectories(folder.resolve("lonely")).resolve("incremental.qcow2");
        Files.copy(backup.top(), lonely);

        assertRefused(() -> create("web-02", lonely), "backup-damaged", "full.qcow2");
    }

    @Test
    void aBackupWhoseBackingFileIsOutsideOfItsFolder() throws IOException {
        var escaping = folder.resolve("backups/escaping.qcow2");
        Files.copy(backup.top(), escaping);
        try (var channel = FileChannel.open(escaping, StandardOpenOption.WRITE)) {
            var name = "../x.qcow2".getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(name), 104 + 24);
        }

        assertRefused(() -> create("web-02", escaping), "backup-damaged", "../x.qcow2");
    }

    @Test
    void aVmNameThatIsTaken() {
        assertRefused(() -> create("shop-01", backup.top()), "name-taken", "shop-01");
        assertRefused(() -> site.api().finalizeVm(vm.id(), otherVm().name(), "thin", 0), "name-taken",
                otherVm().name());
    }

    @ParameterizedTest
    @CsvSource({"' ', name-invalid", "'a\tb', name-invalid",
            "123456789_123456789_123456789_123456789_123456789_123456789_123456789_123456789_1, name-invalid"})
    void aNewNameThatVCenterWouldNotTake(String name, String problem) {
        assertRefused(() -> site.api().finalizeVm(vm.id(), name, "thin", 0), problem, "name");
    }

    @Test
    void aVmThatDoesNotRunFromABackup() {
        assertRefused(() -> site.api().finalizeVm(otherVm().id(), "other", "thin", 0), "not-an-instant-vm",
                otherVm().name());
    }

    @Test
    void aVmThatIsNotThere() {
        assertRefused(() -> site.api().finalizeVm("vm-999999", "other", "thin", 0), "vm-not-found",
                "vm-999999");
    }

    @Test
    void aProvisioningThatDoesNotExist() {
        assertRefused(() -> site.api().finalizeVm(vm.id(), "web-02", "fat", 0), "invalid-provisioning",
                "fat");
    }

    @Test
    void aDatastoreThatDoesNotExist() {
        assertRefused(() -> site.api().createInstantVm("web-02", backup.top().toString(), "elsewhere"),
                "datastore-not-found", "elsewhere");
    }

    @Test
    void aSecondFinalizationOfTheSameVm() throws IOException {
        var first = site.api().finalizeVm(vm.id(), "shop-01", "thin", 1 << 20);
        try {
            assertRefused(() -> site.api().finalizeVm(vm.id(), "shop-01", "thin", 0), "already-finalizing",
                    "shop-01");
            assertThat(site.api().finalization(first.id()).isFinal()).isFalse();
        } finally {
            site.api().cancel(first.id());
        }
    }

    private InstantVm create(String name, Path image) throws IOException {
        return site.api().createInstantVm(name, image.toString(), LabSite.DATASTORE);
    }

    /// One of the VMs that vCenter had from the start.
    private LabVSphere.Machine otherVm() {
        return site.vsphere().machines().stream().filter(machine -> !machine.managed()).findFirst()
                .orElseThrow();
    }

    private static void assertRefused(ThrowingCallable request, String problem, String thing) {
        var refusal = catchThrowableOfType(PluginProblemException.class, request);

        assertThat(refusal).isNotNull();
        assertThat(refusal.type()).isEqualTo("/problems/" + problem);
        assertThat(refusal).hasMessageContaining(thing);
        assertThat(refusal.getMessage()).hasLineCount(1).doesNotContain("Exception", "null");
        assertThat(refusal.status()).isBetween(400, 499);
    }
}
