package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
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

/// A datastore on a file system of its own that is, or becomes, too small.
@Timeout(180)
class FullDatastoreTest {

    @TempDir
    Path folder;

    private Path datastore;
    private @Nullable SmallFileSystem fileSystem;
    private MadeBackup backup;

    @BeforeEach
    void makeBackup() throws IOException {
        datastore = Files.createDirectories(folder.resolve("datastore"));
        backup = BackupMaker.make(folder.resolve("backup"), new BackupContent(4, 32 << 20), _ -> {
        });
    }

    @AfterEach
    void unmount() throws IOException {
        if (fileSystem != null) {
            fileSystem.close();
        }
    }

    @Test
    void aFinalizationThatCannotFitIsRefusedAndTheVmRunsOn() throws Exception {
        fileSystem = SmallFileSystem.mount(datastore, "8m");
        try (var site = LabSite.open(folder.resolve("server"), folder.resolve("backup"), datastore, 0)) {
            site.startServer();
            var vm = site.api().createInstantVm("shop-01", backup.top().toString(), LabSite.DATASTORE);

            var refusal = catchThrowableOfType(PluginProblemException.class,
                    () -> site.api().finalizeVm(vm.id(), "shop-01", "thin", 0));

            assertThat(refusal.type()).isEqualTo("/problems/datastore-full");
            assertThat(refusal)
                    .hasMessageMatching(".*'lab-datastore'.* needs \\d+ MiB .* \\d+ MiB are free.*");
            assertThat(site.api().instantVm(vm.id()).powerState()).isEqualTo("poweredOn");
        }
    }

    @Test
    void aDatastoreThatFillsUpHoldsGuestAndFinalizationUntilThereIsRoom() throws Exception {
        fileSystem = SmallFileSystem.mount(datastore, "96m");
        try (var site = LabSite.open(folder.resolve("server"), folder.resolve("backup"), datastore, 0)) {
            site.startServer();
            var vm = site.api().createInstantVm("shop-01", backup.top().toString(), LabSite.DATASTORE);
            var disk = FlatFile.of(datastore, vm.disks().getFirst().file());
            var guest = Guest.start(site.nfs(), LabSite.EXPORT, disk.inDatastore(), backup.content(),
                    new GuestPlan(4, 200, 2));
            var id = site.api().finalizeVm(vm.id(), "shop-01", "thin", 2 << 20).id();
            await(site, id, status -> status.doneBytes() > 0);

            var filler = fileSystem.fill();
            var paused = await(site, id, status -> status.state().equals("paused") || status.isFinal());
            assertThat(paused.state()).isEqualTo("paused");
            assertThat(paused.pauseReason()).contains("space");
            Files.delete(filler);
            var end = await(site, id, FinalizationStatus::isFinal);

            assertThat(end.state()).isEqualTo("completed");
            guest.stop();
            assertThat(guest.report().firstError()).isEmpty();
            var check = DiskCheck.throughNfs(site.nfs(), LabSite.EXPORT, disk.inDatastore(),
                    guest.expectedDisk());
            assertThat(check.isIdentical()).as("%s", check).isTrue();
        }
    }

    private static FinalizationStatus await(LabSite site, String id, Predicate<FinalizationStatus> condition)
            throws IOException {
        var status = site.api().finalization(id);
        while (!condition.test(status)) {
            LockSupport.parkNanos(50_000_000);
            status = site.api().finalization(id);
        }
        return status;
    }
}
