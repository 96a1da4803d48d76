package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a restart of the server in the middle of jobs leaves of them: everything.
///
/// The server is stopped once, vCenter is away when it starts again, one task is forgotten and one datastore is gone.
class RestartTest {

    private static final String FINALIZATIONS = "/api/v1/finalizations";
    private static final int SIZE = 4 << 20;

    @TempDir
    static Path folder;

    private static final MemoryVCenter VCENTER = new MemoryVCenter();
    private static final byte[] CONTENT = new byte[SIZE];

    private static RunningServer server;
    private static Job running;
    private static Job paused;
    private static Job forgotten;
    private static Job away;

    private record Job(String vm, String id) {}

    @BeforeAll
    static void restart() throws Exception {
        new Random(7).nextBytes(CONTENT);
        Files.write(folder.resolve("backup.raw"), CONTENT);
        CompletableFuture<List<JsonNode>> watching;
        try (var before = start()) {
            before.as("alice", "ecila");
            running = slowly(before, "running", "ds1");
            paused = slowly(before, "paused", "ds1");
            before.post(FINALIZATIONS + "/" + paused.id + "/pause", null);
            forgotten = slowly(before, "forgotten", "ds1");
            away = slowly(before, "away", "ds2");
            var open = before.open(FINALIZATIONS + "/" + running.id + "/events");
            watching = CompletableFuture.supplyAsync(open::toList, Thread::startVirtualThread);
        }
        assertThat(watching.get().getLast().get("state").asString()).as("the stream that was open")
                .isEqualTo("hydrating");
        assertThat(folder.resolve("data/ports.json")).doesNotExist();
        assertThat(VCENTER.onlyTask(running.vm).state).isEqualTo("running");
        assertThat(VCENTER.openUsers).as("sessions left in vCenter").isEmpty();

        VCENTER.tasks.remove(VCENTER.onlyTask(forgotten.vm).ref.value());
        Files.move(folder.resolve("ds2"), folder.resolve("elsewhere"));
        VCENTER.away = true;
        server = start();
        assertThat(server.get("/plugin.json").status()).isEqualTo(200);
        VCENTER.away = false;
        server.as("alice", "ecila");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static RunningServer start() throws Exception {
        return RunningServer.start(folder, VCENTER, "--vmfinalize.datastores[1].name=ds2",
                "--vmfinalize.datastores[1].directory=" + folder.resolve("ds2"));
    }

    private static Job slowly(RunningServer server, String name, String datastore) throws Exception {
        var vm = server.post("/api/v1/instant-vms", "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"%s\"}"
                .formatted(name, folder.resolve("backup.raw"), datastore));
        assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
        var id = vm.text("id");
        return new Job(id,
                server.post(FINALIZATIONS, "{\"vm\":\"%s\",\"bytesPerSecond\":400000}".formatted(id))
                        .text("id"));
    }

    @Test
    void anUnfinishedJobGoesOnByItselfWithTheSameTask() throws Exception {
        var last = server.events(FINALIZATIONS + "/" + running.id + "/events").getLast();

        assertThat(last.get("state").asString()).isEqualTo("completed");
        assertThat(last.get("initiator").asString()).isEqualTo("alice");
        assertThat(Files.readAllBytes(folder.resolve("ds1/running/disk-0-flat.vmdk"))).isEqualTo(CONTENT);
        assertThat(VCENTER.onlyTask(running.vm).state).isEqualTo("success");
        assertThat(VCENTER.machine(running.vm).managedBy()).isEmpty();
    }

    @Test
    void aTaskThatVCenterForgotIsMadeAnew() throws Exception {
        var last = server.events(FINALIZATIONS + "/" + forgotten.id + "/events").getLast();

        assertThat(last.get("state").asString()).isEqualTo("completed");
        assertThat(last.get("task").asString()).isEqualTo(VCENTER.onlyTask(forgotten.vm).ref.value());
        assertThat(VCENTER.onlyTask(forgotten.vm).state).isEqualTo("success");
    }

    @Test
    void aPausedJobStaysPausedUntilItIsResumed() throws Exception {
        assertThat(server.get(FINALIZATIONS + "/" + paused.id).text("state")).isEqualTo("paused");

        server.post(FINALIZATIONS + "/" + paused.id + "/resume", null);

        assertThat(
                server.events(FINALIZATIONS + "/" + paused.id + "/events").getLast().get("state").asString())
                .isEqualTo("completed");
    }

    @Test
    void aJobWhoseDisksAreAwayIsNotTakenForCompleted() throws Exception {
        assertThat(server.get(FINALIZATIONS + "/" + away.id).text("state")).isEqualTo("paused");
        assertThat(VCENTER.machine(away.vm).managedBy()).isPresent();
    }

    @Test
    void aSecondServerOnTheSameDatastoreIsRefused() {
        assertThatThrownBy(() -> RunningServer.start(folder, VCENTER,
                "--vmfinalize.data-directory=" + folder.resolve("other")))
                .hasStackTraceContaining("datastore");
    }
}
