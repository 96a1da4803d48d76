package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.linux.BackupImages;
import org.vmfinalize.lab.linux.ChildImage;
import org.vmfinalize.lab.linux.FileSystemBackup;
import org.vmfinalize.lab.linux.FileSystemCheck;
import org.vmfinalize.lab.linux.LinuxGuest;
import org.vmfinalize.vcenter.DatastorePath;

/// A booted Linux whose changes go to a qcow2 image on another datastore, over a parent that the product's datastore serves:
/// finalizing completes the parent, then has the host make the image independent while the Linux works on.
@Timeout(600)
class ChangesElsewhereTest {

    private static final long SIZE = 48L << 20;

    @TempDir
    Path folder;

    @BeforeAll
    static void needQemu() throws IOException {
        var missing = LinuxGuest.missingPackages();
        Assumptions.assumeTrue(missing.isEmpty(),
                () -> "install Debian packages " + String.join(" ", missing));
        try {
            assertThat(NfsPlace.forQemu().portmapperPort()).isEqualTo(111);
        } catch (LabException e) {
            Assumptions.abort("port 111 cannot be had: " + e.getMessage());
        }
    }

    @Test
    void theMachineNeedsNeitherBackupNorServerAfterwards() throws Exception {
        var backup = FileSystemBackup.make(folder.resolve("backup"), 77, SIZE, BackupImages.QCOW2);
        var datastore = Files.createDirectories(folder.resolve("datastore"));
        try (var site = LabSite.open(folder.resolve("server"), folder.resolve("backup"), datastore, 0,
                NfsPlace.forQemu())) {
            site.startServer();
            var vm = site.api()
                    .run(Map.of("name", "far-01", "backup", BackupSource.of(backup).top().toString(),
                            "datastore", LabSite.OTHER_DATASTORE));
            assertThat(vm.datastore()).isEqualTo(LabSite.OTHER_DATASTORE);
            var child = new DatastorePath(LabSite.OTHER_DATASTORE, "far-01/far-01.vmdk");
            var parent = site.host().parentOf(child);
            var image = site.otherDatastore().resolve("far-01/far-01.qcow2");
            try (var guest = LinuxGuest.start(folder.resolve("guest"), site.nfs().host(),
                    LabSite.EXPORT + "/" + parent.path().replaceFirst("\\.vmdk$", "-flat.vmdk"), image, SIZE,
                    backup.known())) {
                site.host().runs(child, guest::promote);
                guest.awaitBoot();
                guest.awaitPasses(1);

                finalizeIt(site, vm);

                assertThat(datastore.resolve("far-01")).doesNotExist();
                assertThat(site.vsphere().vm(vm.id()).managed()).isFalse();
                site.server().kill();
                guest.awaitPasses(2);
                guest.shutDown();
                assertThat(guest.report().errors()).isEmpty();
                var expected = new ArrayList<>(backup.known());
                expected.addAll(guest.written());
                assertThat(new ChildImage(image).isIndependent()).isTrue();
                var check = FileSystemCheck.of(new ChildImage(image).toRaw(folder.resolve("whole.raw")),
                        expected,
                        folder.resolve("files"));
                assertThat(check.isSound()).as("%s %s", check.said(), check.wrong()).isTrue();
            }
        }
    }

    private static void finalizeIt(LabSite site, InstantVm vm) throws Exception {
        var id = site.api().finalizeVm(Map.of("vm", vm.id())).id();
        while (!site.api().finalization(id).isFinal()) {
            site.api().follow(id, _ -> true);
        }
        assertThat(site.api().finalization(id).isCompleted()).as("%s", site.api().finalization(id)).isTrue();
    }
}
