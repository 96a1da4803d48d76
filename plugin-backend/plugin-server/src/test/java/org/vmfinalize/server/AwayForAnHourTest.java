package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.ExtensionEvent;

/// A vCenter that is away for an hour while a machine is finalized, by a clock that goes on only when the test says so.
@Timeout(120)
class AwayForAnHourTest {

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();
    private final SetClock clock = new SetClock();

    @Test
    void theDisksAreCompletedMeanwhileAndVCenterHearsOfItWhenItIsBack() throws Exception {
        var content = new byte[1 << 20];
        new Random(17).nextBytes(content);
        var backup = Files.write(folder.resolve("backup.raw"), content);
        try (var server = RunningServer.start(folder, vcenter, clock).as("alice", "ecila")) {
            var vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(backup)).text("id");
            var job = server.post("/api/v1/finalizations",
                    "{\"vm\":\"%s\",\"bytesPerSecond\":400000}".formatted(vm)).text("id");
            vcenter.awaitEvent(vm, VmFinalizeKeys.EVENT_STARTED);
            vcenter.away = true;

            var waiting = server.await(job, view -> view.get("state").asString().equals("sealing")
                    && !view.get("pauseReason").isNull());
            assertThat(waiting.get("doneBytes").asLong()).isEqualTo(content.length);
            assertThat(Files.readAllBytes(server.datastore.resolve("vm/disk-0-flat.vmdk")))
                    .as("the bytes need no vCenter").isEqualTo(content);
            int asked = vcenter.calls.getOrDefault("clearManagedBy", 0);
            clock.add(Duration.ofHours(1));
            MoveApiTest.await(() -> vcenter.calls.getOrDefault("clearManagedBy", 0) > asked);
            assertThat(vcenter.machine(vm).managedBy()).isPresent();

            vcenter.away = false;

            MoveApiTest.await(() -> {
                clock.add(Duration.ofMinutes(1));
                return vcenter.onlyTask(vm).state.equals("success");
            });
            assertThat(vcenter.machine(vm).managedBy()).isEqualTo(Optional.empty());
            vcenter.awaitEvent(vm, VmFinalizeKeys.EVENT_FINALIZED);
            assertThat(vcenter.events.get(vm)).extracting(ExtensionEvent::typeId)
                    .containsOnlyOnce(VmFinalizeKeys.EVENT_STARTED);
        }
    }
}
