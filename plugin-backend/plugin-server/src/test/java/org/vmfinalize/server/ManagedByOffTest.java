package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.instantvm.HalfMade;

/// Machines that vCenter does not show as managed by us, since that is switched off: our own id in their settings tells them.
@Timeout(120)
class ManagedByOffTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    @BeforeEach
    void makeBackup() throws Exception {
        Files.write(folder.resolve("backup.raw"), new byte[1 << 20]);
    }

    private RunningServer start() throws Exception {
        return RunningServer.start(folder, vcenter, "--vmfinalize.instant-vms.managed-by=false").as("alice",
                "ecila");
    }

    private RunningServer.Answer run(RunningServer server) throws Exception {
        return server.post(INSTANT_VMS, "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(folder.resolve("backup.raw")));
    }

    @Test
    void aMachineIsMadeFinalizedAndDiscardedWithoutTheMark() throws Exception {
        try (var server = start()) {
            var vm = run(server).text("id");
            assertThat(vcenter.machine(vm).managedBy()).isEmpty();

            assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm, null).status()).isEqualTo(200);
            assertThat(vcenter.machines).isEmpty();

            var next = run(server).text("id");
            var job = server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(next)).text("id");
            server.await(job, view -> view.get("state").asString().equals("completed"));
        }
    }

    @Test
    void aMachineThatWasMadeWhenTheServerWasKilledIsFoundByItsSetting() throws Exception {
        try (var server = start()) {
            vcenter.kill = "after createVm";
            assertThat(run(server).status()).isGreaterThanOrEqualTo(500);
        }
        vcenter.kill = "";
        vcenter.away = false;

        try (var server = start()) {
            server.bean(HalfMade.class).goOn();

            assertThat(server.get(INSTANT_VMS).json().get("items")).hasSize(1);
        }
    }

    /// Somebody else's machine in the same folder is not ours, whatever its place.
    @Test
    void aMachineWithoutOurSettingIsLeftAlone() throws Exception {
        try (var server = start()) {
            var vm = run(server).text("id");
            vcenter.specs.remove(vm);

            assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm, null).text("detail"))
                    .contains("left alone");
            assertThat(vcenter.machines).containsKey(vm);
        }
    }
}
