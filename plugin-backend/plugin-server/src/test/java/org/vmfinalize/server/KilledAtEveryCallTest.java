package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VCenterConnector;

/// A server that is killed after the first, the second, … the last call of a machine's life that changes something in
/// vCenter: the next server and `doctor --repair` leave a clean inventory each time.
class KilledAtEveryCallTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";
    private static final String FINALIZATIONS = "/api/v1/finalizations";
    private static final String REPAIR = "/api/v1/doctor/repair";

    /// More calls than any life has.
    private static final int MOST_CALLS = 200;

    @TempDir
    private Path folder;

    /// From the backup to the end.
    enum Life {
        RENAMED_FINALIZED_AND_MOVED("ds1",
                ",\"name\":\"db\",\"moveTo\":\"san\"", "rename",
                "relocate"), FINALIZED_ON_ANOTHER_DATASTORE("san",
                        "", "promoteDisks", "clearManagedBy"), DISCARDED("ds1", null, "unregister", "unmount",
                                "removeAlarm", "removeAttribute",
                                "unregisterExtension"), DISCARDED_ON_ANOTHER_DATASTORE("san", null,
                                        "destroy");

        private final String datastore;
        private final String finalization;
        private final String calls;

        /// @param finalization null: it is discarded
        /// @param calls        some that only this life has
        Life(String datastore, @Nullable String finalization, String... calls) {
            this.calls = String.join(" ", calls);
            this.datastore = datastore;
            this.finalization = finalization == null ? "" : "{\"vm\":\"%s\"" + finalization + "}";
        }

        private void live(RunningServer server, Path backup, BooleanSupplier killed) throws Exception {
            var vm = server.post(INSTANT_VMS, "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"%s\"}"
                    .formatted(backup, datastore)).text("id");
            if (finalization.isEmpty()) {
                server.send("DELETE", INSTANT_VMS + "/" + vm, null);
            } else {
                awaitEnd(server, server.post(FINALIZATIONS, finalization.formatted(vm)).text("id"), killed);
            }
            if (this == DISCARDED) {
                server.post(REPAIR, "{}"); // unmounts what nobody needs any more
                server.send("DELETE", "/api/v1/registration", null);
            }
        }
    }

    /// Waits until the job is over, or nobody is left to end it.
    private static void awaitEnd(RunningServer server, String job, BooleanSupplier killed) throws Exception {
        var state = "";
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!killed.getAsBoolean() && !state.equals("completed")) {
            assertThat(System.nanoTime()).as("120 s have passed, state " + state).isLessThan(end);
            var answer = server.get(FINALIZATIONS + "/" + job).json();
            state = answer.has("state") ? answer.get("state").asString() : "unknown";
            Thread.sleep(20);
        }
    }

    @ParameterizedTest
    @EnumSource(Life.class)
    void theInventoryIsCleanAfterARepair(Life life) throws Exception {
        var killedAt = new ArrayList<String>();
        for (int call = 1; call < MOST_CALLS; call++) {
            var at = killedAfter(call, life, Files.createDirectory(folder.resolve("call" + call)));
            if (at.isEmpty()) {
                assertThat(killedAt).contains("registerExtension", "mountNfs", "createVm", "powerOn",
                        "setAttribute", "postEvent").contains(life.calls.split(" "));
                return;
            }
            killedAt.add(at.get());
        }
        throw new AssertionError("the life has no end: " + killedAt);
    }

    /// @return the call; empty if the life has fewer
    private static Optional<String> killedAfter(int call, Life life, Path folder) throws Exception {
        var content = new byte[64 << 10];
        new Random(call).nextBytes(content);
        var backup = Files.write(folder.resolve("backup.raw"), content);
        var vcenter = new MemoryVCenter();
        vcenter.storage.atOnce = true;
        var killing = new KillingVCenter(vcenter, call);
        try (var server = start(folder, killing)) {
            life.live(server.as("alice", "ecila"), backup, () -> !killing.killedAt.isEmpty());
        } catch (Exception | AssertionError | MemoryVCenter.Killed e) {
            if (killing.killedAt.isEmpty()) {
                throw e;
            }
        }
        vcenter.away = false;
        try (var server = start(folder, vcenter).as("alice", "ecila")) {
            server.post(REPAIR, "{}");
            for (var job : server.get(FINALIZATIONS).json().get("items").valueStream().toList()) {
                awaitEnd(server, job.get("id").asString(), () -> false);
            }
            discardAll(server, vcenter);
            server.post(REPAIR, "{}");

            var findings = server.get("/api/v1/doctor").json().get("items");
            assertThat(findings).as("killed after call %d, %s: %s", call, killing.killedAt, findings)
                    .isEmpty();
            assertClean(vcenter, "killed after call %d, %s".formatted(call, killing.killedAt));
            server.send("DELETE", "/api/v1/registration", null);
            assertThat(vcenter.extensions).isEmpty();
            assertThat(vcenter.alarms).isEmpty();
        }
        return Optional.of(killing.killedAt).filter(at -> !at.isEmpty());
    }

    private static RunningServer start(Path folder, VCenterConnector vcenter)
            throws Exception {
        return RunningServer.start(folder, vcenter, "--vmfinalize.instant-vms.create-grace=0s");
    }

    private static void discardAll(RunningServer server, MemoryVCenter vcenter) throws Exception {
        for (var vm : List.copyOf(vcenter.machines.values())) {
            if (vm.managedBy().isPresent()) {
                server.send("DELETE", INSTANT_VMS + "/" + vm.ref().value(), null);
            }
        }
    }

    private static void assertClean(MemoryVCenter vcenter, String when) {
        assertThat(vcenter.machines.values()).as(when).allSatisfy(vm -> {
            assertThat(vm.managedBy()).isEqualTo(Optional.empty());
            assertThat(vm.powerState()).isEqualTo(PowerState.POWERED_ON);
            assertThat(vcenter.attributes.getOrDefault(vm.ref().value(), Map.of()).values())
                    .allMatch(String::isEmpty);
        });
        assertThat(vcenter.tasks.values()).as(when).noneMatch(MemoryTask::isOpen);
        assertThat(vcenter.mounts.keySet()).as(when)
                .allMatch(store -> vcenter.machines.values().stream()
                        .anyMatch(vm -> vm.vmPathName().startsWith("[" + store + "]")));
    }
}
