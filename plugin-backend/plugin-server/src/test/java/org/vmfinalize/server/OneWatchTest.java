package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// What the server hears of its machines and tasks comes from one watch, however many they are and however long it lasts.
@Timeout(180)
class OneWatchTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    @BeforeEach
    void makeBackup() throws Exception {
        var content = new byte[1 << 20];
        new Random(5).nextBytes(content);
        Files.write(folder.resolve("backup.raw"), content);
    }

    private RunningServer start() throws Exception {
        return RunningServer.start(folder, vcenter).as("alice", "ecila");
    }

    private String run(RunningServer server, String name) throws Exception {
        return server.post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(name, folder.resolve("backup.raw"))).text("id");
    }

    private void put(String vm, String name, PowerState power) {
        var old = vcenter.machine(vm);
        vcenter.machines.put(vm,
                new VirtualMachine(old.ref(), name, power, old.managedBy(), old.vmPathName()));
    }

    @Test
    void jobsThatAreFollowedCostNoCallsWhileNothingChanges() throws Exception {
        try (var server = start()) {
            var jobs = new ArrayList<String>();
            for (var name : Stream.of("a", "b", "c").toList()) {
                var vm = run(server, name);
                jobs.add(server.post("/api/v1/finalizations",
                        "{\"vm\":\"%s\",\"moveTo\":\"san\"}".formatted(vm)).text("id"));
                server.await(jobs.getLast(), view -> view.get("state").asString().equals("moving"));
                MoveApiTest
                        .await(() -> vcenter.onlyTask(vm).texts().contains("Moving to datastore san, 0 %"));
            }
            MoveApiTest.await(() -> vcenter.calls.containsKey("watch"));
            vcenter.calls.clear();
            // Seconds pass, for the jobs look each second.
            vcenter.storage.moves.getFirst().percent = 10;
            MoveApiTest.await(() -> vcenter.calls.getOrDefault("describe", 0) > 0);
            vcenter.storage.moves.getFirst().percent = 20;
            MoveApiTest.await(() -> vcenter.calls.getOrDefault("describe", 0) > 1);

            assertThat(vcenter.calls.keySet()).as("only what has changed is told").isSubsetOf("describe",
                    "progress");
            vcenter.storage.moves.forEach(MemoryStorage.Move::succeed);
            for (var job : jobs) {
                server.await(job, view -> view.get("state").asString().equals("completed"));
            }
        }
    }

    @Test
    void whatOthersDoToAMachineIsSeenAtOnceAndAfterVCenterWasAway() throws Exception {
        try (var server = start(); var news = server.listen("/api/v1/events")) {
            var events = news.iterator();
            var vm = run(server, "vm");
            var known = server.bean(InstantVms.class);
            // Told once, so that the next is a change.
            MoveApiTest.await(() -> vcenter.calls.containsKey("watch"));

            put(vm, "theirs", PowerState.POWERED_ON);
            MoveApiTest.await(() -> known.find(vm).orElseThrow().name().equals("theirs"));
            put(vm, "theirs", PowerState.SUSPENDED);
            var told = next(events, "instant-vm-changed", "suspended");
            assertThat(told.data().get("name").asString()).isEqualTo("theirs");

            vcenter.away = true;
            put(vm, "renamed while it was away", PowerState.SUSPENDED);
            vcenter.away = false;
            MoveApiTest.await(
                    () -> known.find(vm).orElseThrow().name().equals("renamed while it was away"));

            vcenter.machines.remove(vm);
            assertThat(next(events, "instant-vm-changed", null).data().get("id").asString()).isEqualTo(vm);
            assertThat(server.datastore.resolve("vm/disk-0.vmdk")).exists();
            assertThat(vcenter.calls.get("watch")).isEqualTo(1);
        }
    }

    private static RunningServer.ServerEvent next(Iterator<RunningServer.ServerEvent> events,
            String type, @Nullable String powerState) {
        while (true) {
            var event = events.next();
            if (event.type().equals(type)) {
                var told = event.data().get("powerState");
                var power = told == null || told.isNull() ? null : told.asString();
                if (Objects.equals(power, powerState)) {
                    return event;
                }
            }
        }
    }
}
