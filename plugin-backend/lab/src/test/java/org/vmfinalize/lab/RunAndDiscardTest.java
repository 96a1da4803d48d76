package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.lab.backup.BackupContent;
import org.vmfinalize.lab.backup.BackupMaker;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.lab.guest.GuestPlan;

/// An instant VM from its start at a chosen place to its end, through the server, vCenter's SOAP and NFS.
@Timeout(180)
class RunAndDiscardTest {

    @TempDir
    Path folder;

    @Test
    void aDiscardedVmLeavesNothingButItsChangesAsQemuReadsThem() throws Exception {
        Assumptions.assumeTrue(Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "qemu-img"))),
                "needs qemu-img; install the Debian package qemu-utils");
        var datastore = Files.createDirectories(folder.resolve("datastore"));
        var backup = BackupMaker.make(folder.resolve("backup"), new BackupContent(5, 32 << 20), _ -> {
        });
        try (var site = LabSite.open(folder.resolve("server"), folder.resolve("backup"), datastore, 0)) {
            site.startServer();
            var machines = site.vsphere().machines();
            Map<String, Object> request = Map.of("name", "shop-02", "backup", backup.top().toString(),
                    "datastore", LabSite.DATASTORE, "host", "esx-01", "folder", "Restored", "network",
                    "Production", "hardwareVersion", "vmx-19", "cpus", 2);

            var refusal = catchThrowableOfType(PluginProblemException.class, () -> site.api().run(
                    Map.of("name", "x", "backup", backup.top().toString(), "datastore", LabSite.DATASTORE,
                            "network", "Nowhere")));
            assertThat(refusal).hasMessageContaining("'Nowhere'")
                    .hasMessageContaining("Production, VM Network");

            var vm = site.api().run(request);
            assertThat(site.vsphere().vm(vm.id()).managed()).isTrue();
            var disk = FlatFile.of(datastore, vm.disks().getFirst().file());
            var guest = Guest.start(site.nfs(), LabSite.EXPORT, disk.inDatastore(), backup.content(),
                    new GuestPlan(4, 200, 2));
            guest.stop();
            assertThat(guest.report().firstError()).isEmpty();

            var overlay = site.api().discard(vm.id(), "shop/day-1");

            LabRun.tool(folder, "qemu-img", "check", "-q", overlay.toString());
            var seen = folder.resolve("seen.raw");
            LabRun.tool(folder, "qemu-img", "convert", "-O", "raw", overlay.toString(), seen.toString());
            assertThat(DiskCheck.ofFile(seen, guest.expectedDisk()).isIdentical()).isTrue();
            assertThat(site.vsphere().machines()).isEqualTo(machines);
            assertThat(datastore.resolve("shop-02")).doesNotExist();
            try (var files = Files.list(folder.resolve("backup"))) {
                assertThat(files).noneMatch(file -> file.toString().contains(".lease-"));
            }
        }
    }
}
