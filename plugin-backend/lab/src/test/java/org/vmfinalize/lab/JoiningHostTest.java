package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A host comes into a cluster where a machine runs from a backup, seen through vCenter's own API.
@Timeout(180)
class JoiningHostTest {

    @TempDir
    private Path folder;

    @Test
    void itMountsTheDatastoreWithoutBeingTold() throws Exception {
        var backups = Files.createDirectories(folder.resolve("backups"));
        var content = new byte[1 << 20];
        new Random(3).nextBytes(content);
        var backup = Files.write(backups.resolve("small.raw"), content);
        try (var site = LabSite.open(folder.resolve("server"), backups,
                Files.createDirectories(folder.resolve("datastore")), 0)) {
            site.startServer();
            site.api().createInstantVm("joined", backup.toString(), LabSite.DATASTORE);
            var vcenter = site.vsphere().vcenter();

            var joined = vcenter.addHost("esx-03");

            assertThat(vcenter.await(Duration.ofMinutes(2),
                    () -> vcenter.hostsWith(LabSite.DATASTORE).contains(joined))).isTrue();
        }
    }
}
