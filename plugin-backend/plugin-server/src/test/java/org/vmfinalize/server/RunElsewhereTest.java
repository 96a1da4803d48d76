package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.vcenter.DatastorePath;
import tools.jackson.databind.JsonNode;

/// A machine whose home and changes are on a datastore that is none of ours: ours serves the parents of its disks.
class RunElsewhereTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";
    private static final String FINALIZATIONS = "/api/v1/finalizations";

    @TempDir
    static Path folder;

    private static Path backup;
    private static byte[] content;
    private static MemoryVCenter vcenter;
    private static RunningServer server;
    private static int count;

    private String name;

    @BeforeAll
    static void start() throws Exception {
        content = new byte[1 << 20];
        new Random(8).nextBytes(content);
        backup = Files.write(folder.resolve("backup.raw"), content);
        vcenter = new MemoryVCenter();
        server = RunningServer.start(folder, vcenter);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void logIn() throws Exception {
        name = "far" + ++count;
        server.as("alice", "ecila");
    }

    @AfterEach
    void mend() {
        vcenter.missingPrivileges.clear();
        vcenter.failing.clear();
    }

    private RunningServer.Answer runOn(String datastore, String more) throws Exception {
        return server.post(INSTANT_VMS,
                "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"%s\"%s}".formatted(name,
                        backup, datastore, more));
    }

    private String running() throws Exception {
        var answer = runOn("san", "");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.text("id");
    }

    private String begin(String vm, String more) throws Exception {
        var answer = server.post(FINALIZATIONS, "{\"vm\":\"%s\"%s}".formatted(vm, more));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
        return answer.text("id");
    }

    private MemoryStorage.Move taskOf(String vm, int number) throws Exception {
        MoveApiTest.await(
                () -> vcenter.storage.moves.stream().filter(move -> move.vm.value().equals(vm))
                        .count() >= number);
        return vcenter.storage.moveOf(vm);
    }

    private static JsonNode awaitState(String id, String state) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            var view = server.get(FINALIZATIONS + "/" + id).json();
            if (view.get("state").asString().equals(state)) {
                return view;
            }
            assertThat(System.nanoTime()).as(view.toString()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private Path parent() {
        return server.datastore.resolve(name).resolve("disk-0-flat.vmdk");
    }

    @Test
    void noClientChangesItsParentsUntilItIsGoneAlsoNotAfterARestart(@TempDir Path own) throws Exception {
        var there = new MemoryVCenter();
        String vm;
        try (var first = RunningServer.start(own, there).as("alice", "ecila")) {
            vm = first.post(INSTANT_VMS, "{\"name\":\"far\",\"backup\":\"%s\",\"datastore\":\"san\"}"
                    .formatted(Files.copy(backup, own.resolve("backup.raw")))).text("id");
            assertThat(isParent(first)).isTrue();
        }
        try (var again = RunningServer.start(own, there).as("alice", "ecila")) {
            assertThat(isParent(again)).isTrue();

            assertThat(again.send("DELETE", INSTANT_VMS + "/" + vm, null).status()).isBetween(200, 204);
            assertThat(isParent(again)).isFalse();
        }
    }

    private static boolean isParent(RunningServer server) {
        return server.bean(Datastores.class).require("ds1")
                .isParent(server.datastore.resolve("far").resolve("disk-0-flat.vmdk"));
    }

    @Test
    void itsHomeAndAChildOfEachDiskAreMadeThere() throws Exception {
        var answer = runOn("san", "");

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        assertThat(answer.text("datastore")).isEqualTo("san");
        assertThat(answer.text("servedFrom")).isEqualTo("ds1");
        var spec = Objects.requireNonNull(vcenter.specs.get(answer.text("id")));
        assertThat(spec.home()).isEqualTo(new DatastorePath("san", ""));
        assertThat(spec.hardware().disks()).singleElement().satisfies(disk -> {
            assertThat(disk.changes()).contains("san");
            assertThat(disk.descriptor().datastore()).isEqualTo("ds1");
        });
        assertThat(parent()).isRegularFile();
    }

    @Test
    void theParentIsCompletedThenVCenterMakesTheMachineIndependent() throws Exception {
        var vm = running();
        var id = begin(vm, "");
        var promotion = taskOf(vm, 1);
        promotion.percent = 50;

        assertThat(promotion.relocation).isNull();
        var promoting = awaitState(id, "promoting");
        assertThat(Files.readAllBytes(parent())).as("complete before vCenter reads it").isEqualTo(content);
        assertThat(promoting.get("totalBytes").asLong()).isEqualTo(2L << 20);
        MoveApiTest.await(() -> vcenter.onlyTask(vm).texts()
                .contains("Making the disks independent of the backup server"));

        promotion.succeed();
        var done = awaitState(id, "completed");
        assertThat(done.get("doneBytes").asLong()).isEqualTo(2L << 20);
        assertThat(server.datastore.resolve(name)).as("what is not needed any more").doesNotExist();
        assertThat(vcenter.machine(vm).managedBy()).isEmpty();
    }

    @Test
    void thenItCanBeMovedOn() throws Exception {
        vcenter.storage.others.add(MemoryStorage.store("datastore-20", "gold" + count, 1L << 40));
        var vm = running();
        var id = begin(vm, ",\"moveTo\":\"gold%d\",\"provisioning\":\"thick\"".formatted(count));
        taskOf(vm, 1).succeed();
        var move = taskOf(vm, 2);
        assertThat(Objects.requireNonNull(move.relocation).datastore().value()).isEqualTo("datastore-20");
        awaitState(id, "moving");
        move.succeed();

        assertThat(awaitState(id, "completed").at("/move/state").asString()).isEqualTo("moved");
    }

    @Test
    void whatVCenterRefusesLeavesTheMachineAsItIsToBeTriedAgain() throws Exception {
        var vm = running();
        var id = begin(vm, "");
        taskOf(vm, 1).fail("InvalidState", "The virtual machine has snapshots.");

        var failed = awaitState(id, "failed");
        assertThat(failed.get("failure").asString()).contains("still need datastore ds1",
                "The virtual machine has snapshots.");
        assertThat(Files.readAllBytes(parent())).isEqualTo(content);

        var again = begin(vm, "");
        taskOf(vm, 2).succeed();
        awaitState(again, "completed");
        assertThat(server.datastore.resolve(name)).doesNotExist();
    }

    @Test
    void aSuccessThatLeftAParentIsNone() throws Exception {
        var vm = running();
        var id = begin(vm, "");
        taskOf(vm, 1).over = true;

        assertThat(awaitState(id, "failed").get("failure").asString()).contains("still need others");
        assertThat(parent()).isRegularFile();
    }

    @Test
    void discardingDeletesItThereToo() throws Exception {
        var vm = running();
        vcenter.missingPrivileges.add("VirtualMachine.Inventory.Delete");
        assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm, null).text("detail"))
                .contains("VirtualMachine.Inventory.Delete");
        vcenter.missingPrivileges.clear();

        assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm + "?keepChanges=a/b", null).text("detail"))
                .contains("its changes are on datastore 'san'");
        assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm, null).status()).isEqualTo(200);

        assertThat(vcenter.storage.destroyed).contains(vm);
        assertThat(server.datastore.resolve(name)).doesNotExist();
    }

    @Test
    void itsParentsAndItsBackupStayWhenItIsDestroyedUntilSomebodyDiscardsIt() throws Exception {
        var vm = running();
        vcenter.machines.remove(vm); // with its children on the other datastore

        server.post("/api/v1/doctor/repair", "{}");

        var finding = server.get("/api/v1/doctor").json().get("items").valueStream()
                .filter(item -> item.get("subject").asString().equals(name)).findFirst().orElseThrow();
        assertThat(finding.get("kind").asString()).isEqualTo("missing-vm");
        assertThat(finding.get("detail").asString()).contains("discard " + vm);
        assertThat(parent()).isRegularFile();
        assertThat(server.bean(Datastores.class).require("ds1").isParent(parent())).isTrue();
        assertThat(server.bean(Datastores.class).require("ds1").instantDisks(name).orElseThrow().backupOpen())
                .isTrue();
        assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm, null).status()).isEqualTo(200);
        assertThat(server.datastore.resolve(name)).doesNotExist();
        assertThat(vcenter.storage.destroyed).as("nothing was left to be destroyed").doesNotContain(vm);
    }

    @Test
    void oneThatIsDestroyedWhileItIsFinalizedKeepsItsParentsAndSaysWhatToDo() throws Exception {
        var vm = running();
        var id = begin(vm, ",\"bytesPerSecond\":1000");
        vcenter.machines.remove(vm);
        assertThat(server.send("PATCH", FINALIZATIONS + "/" + id, "{\"bytesPerSecond\":0}").status())
                .isEqualTo(200);

        var failed = awaitState(id, "failed");

        assertThat(failed.get("failure").asString()).contains("not in vCenter's inventory", "discard it");
        assertThat(Files.readAllBytes(parent())).isEqualTo(content);
        assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm, null).status()).isEqualTo(200);
        assertThat(server.datastore.resolve(name)).doesNotExist();
    }

    @Test
    void changesThatCannotBeReadAreNotPlannedToBeKept() throws Exception {
        var vm = running();

        var plan = server.post(INSTANT_VMS + "/" + vm + "/discard/plan", "{\"keepChanges\":\"a/b\"}").json();

        assertThat(plan.get("possible").asBoolean()).isFalse();
        assertThat(plan.at("/refusals/0/type").asString()).isEqualTo("/problems/changes-not-kept");
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        assertThat(runOn("nowhere", "").text("detail")).contains("'nowhere'", "ds1");
        assertThat(runOn("ds1", ",\"servedFrom\":\"san\"").text("detail")).contains("leave servedFrom out");
        vcenter.missingPrivileges.add("Datastore.AllocateSpace");
        assertThat(runOn("san", "").text("detail")).contains("Datastore.AllocateSpace", "datastore san");
        vcenter.missingPrivileges.clear();
        vcenter.missingPrivileges.add("VirtualMachine.Config.AddNewDisk");
        assertThat(runOn("san", "").text("detail")).contains("VirtualMachine.Config.AddNewDisk");
        vcenter.missingPrivileges.clear();

        var vm = running();
        var path = FINALIZATIONS;
        assertThat(
                server.post(path, "{\"vm\":\"%s\",\"provisioning\":\"thick\"}".formatted(vm)).text("detail"))
                .contains("stay on datastore 'san'");
        assertThat(server.post(path, "{\"vm\":\"%s\",\"moveTo\":\"san\"}".formatted(vm)).text("type"))
                .isEqualTo("/problems/same-datastore");
        vcenter.missingPrivileges.add("VirtualMachine.Provisioning.PromoteDisks");
        assertThat(server.post(path, "{\"vm\":\"%s\"}".formatted(vm)).text("detail"))
                .contains("VirtualMachine.Provisioning.PromoteDisks");
    }
}
