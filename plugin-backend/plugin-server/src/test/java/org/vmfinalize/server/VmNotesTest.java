package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.VCenterFault;

/// What people find on a machine in vCenter: its events, and the attribute that names its backup.
@Timeout(60)
class VmNotesTest {

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    @BeforeEach
    void makeBackup() throws Exception {
        var content = new byte[4 << 20];
        new Random(6).nextBytes(content);
        Files.write(folder.resolve("backup.raw"), content);
    }

    private String run(RunningServer server) throws Exception {
        return server.post("/api/v1/instant-vms", "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(folder.resolve("backup.raw"))).text("id");
    }

    private static String finalizeVm(RunningServer server, String vm, String more) throws Exception {
        return server.post("/api/v1/finalizations", "{\"vm\":\"%s\"%s}".formatted(vm, more)).text("id");
    }

    private static void await(RunningServer server, String job, String state) throws Exception {
        server.await(job, view -> view.get("state").asString().equals(state));
    }

    private List<String> events(String vm) {
        return vcenter.events.getOrDefault(vm, List.of()).stream().map(ExtensionEvent::typeId).toList();
    }

    private String attribute(String vm) {
        return vcenter.attributes.getOrDefault(vm, Map.of()).getOrDefault(VmFinalizeKeys.ATTRIBUTE_BACKUP,
                "none");
    }

    @Test
    void theBackupIsNamedWhileTheMachineRunsFromItAndTheEventsTellTheStory() throws Exception {
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var vm = run(server);
            assertThat(attribute(vm)).contains("backup.raw");

            var job = finalizeVm(server, vm, "");
            await(server, job, "completed");

            assertThat(attribute(vm)).isEmpty();
            assertThat(events(vm)).containsExactly(VmFinalizeKeys.EVENT_RUNS, VmFinalizeKeys.EVENT_STARTED,
                    VmFinalizeKeys.EVENT_FINALIZED);
        }
    }

    @Test
    void aPauseIsAnEventAndItsEndToo() throws Exception {
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var vm = run(server);
            var job = finalizeVm(server, vm, ",\"bytesPerSecond\":1000");
            var path = "/api/v1/finalizations/" + job;
            assertThat(server.post(path + "/pause", null).status()).isEqualTo(200);
            vcenter.awaitEvent(vm, VmFinalizeKeys.EVENT_PAUSED);
            assertThat(server.post(path + "/resume", null).status()).isEqualTo(200);
            vcenter.awaitEvent(vm, VmFinalizeKeys.EVENT_RESUMED);
            assertThat(server.post(path + "/cancel", null).status()).isEqualTo(200);
            vcenter.awaitEvent(vm, VmFinalizeKeys.EVENT_CANCELLED);

            assertThat(events(vm)).containsExactly(VmFinalizeKeys.EVENT_RUNS, VmFinalizeKeys.EVENT_STARTED,
                    VmFinalizeKeys.EVENT_PAUSED, VmFinalizeKeys.EVENT_RESUMED,
                    VmFinalizeKeys.EVENT_CANCELLED);
            assertThat(attribute(vm)).contains("backup.raw");
        }
    }

    @Test
    void aVCenterThatTakesNoNotesHoldsNothingUp() throws Exception {
        vcenter.failing.put("postEvent", VCenterFault.NO_PERMISSION);
        vcenter.failing.put("setAttribute", VCenterFault.NO_PERMISSION);
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var vm = run(server);

            var job = finalizeVm(server, vm, "");

            await(server, job, "completed");
            assertThat(vcenter.machine(vm).managedBy()).isEmpty();
            assertThat(vcenter.onlyTask(vm).state).isEqualTo("success");
        }
    }
}
