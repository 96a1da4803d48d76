package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.Relocation.DiskForm;
import org.vmfinalize.vcenter.RelocationCheck;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;
import tools.jackson.databind.JsonNode;

/// A finalization that also moves the machine to another datastore, or only that.
class MoveApiTest {

    private static final int SIZE = 1 << 20;
    private static final String FINALIZATIONS = "/api/v1/finalizations";
    private static final String TO_SAN = ",\"moveTo\":\"san\"";
    private static final String INSTEAD = TO_SAN + ",\"moveInstead\":true";

    @TempDir
    static Path folder;

    private static Path backup;
    private static byte[] content;
    private static MemoryVCenter vcenter;
    private static RunningServer server;
    private static int count;

    private String vm;

    @BeforeAll
    static void start() throws Exception {
        content = new byte[SIZE];
        new Random(7).nextBytes(content);
        backup = Files.write(folder.resolve("backup.raw"), content);
        vcenter = new MemoryVCenter();
        server = RunningServer.start(folder, vcenter);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void run() throws Exception {
        server.as("alice", "ecila");
        var answer = server.post("/api/v1/instant-vms",
                "{\"name\":\"vm%d\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(++count, backup));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        vm = answer.text("id");
    }

    @AfterEach
    void mend() {
        vcenter.failing.clear();
        vcenter.missingPrivileges.clear();
        vcenter.away = false;
        vcenter.storage.check = RelocationCheck.NOTHING;
        vcenter.storage.others.clear();
        vcenter.storage.others.add(MemoryStorage.SAN);
    }

    private String begin(String more) throws Exception {
        var answer = server.post(FINALIZATIONS, "{\"vm\":\"%s\"%s}".formatted(vm, more));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
        return answer.text("id");
    }

    private MemoryStorage.Move moveBegun() throws Exception {
        await(() -> vcenter.storage.moves.stream().anyMatch(move -> move.vm.value().equals(vm)));
        return vcenter.storage.moveOf(vm);
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("60 s have passed").isLessThan(end);
            Thread.sleep(20);
        }
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

    private static Relocation relocation(MemoryStorage.Move move) {
        return Objects.requireNonNull(move.relocation);
    }

    private byte[] flatFile() throws Exception {
        return Files.readAllBytes(server.datastore.resolve("vm" + count).resolve("disk-0-flat.vmdk"));
    }

    @Test
    void itIsMovedOnceItsDisksAreComplete() throws Exception {
        var id = begin(TO_SAN + ",\"provisioning\":\"thick\"");
        var move = moveBegun();
        move.percent = 40;

        var moving = awaitState(id, "moving");
        assertThat(flatFile()).as("complete before it is moved").isEqualTo(content);
        assertThat(moving.at("/move/name").asString()).isEqualTo("san");
        assertThat(moving.get("totalBytes").asLong()).isEqualTo(2L * SIZE);
        assertThat(moving.get("backupReleased").asBoolean()).isTrue();
        assertThat(vcenter.machine(vm).managedBy()).as("our icon stays until the end").isPresent();
        await(() -> vcenter.onlyTask(vm).texts().contains("Moving to datastore san, 40 %"));
        assertThat(vcenter.onlyTask(vm).percent).isGreaterThanOrEqualTo(50).isLessThan(100);
        assertThat(relocation(move).datastore()).isEqualTo(MemoryStorage.SAN.ref());
        assertThat(relocation(move).disks()).singleElement()
                .satisfies(disk -> assertThat(disk.form()).isEqualTo(DiskForm.THICK_LAZY_ZEROED));

        move.succeed();
        var done = awaitState(id, "completed");
        assertThat(done.at("/move/state").asString()).isEqualTo("moved");
        assertThat(done.get("doneBytes").asLong()).isEqualTo(2L * SIZE);
        assertThat(done.get("message").asString()).contains("is on datastore san");
        assertThat(vcenter.machine(vm).managedBy()).isEmpty();
        await(() -> vcenter.onlyTask(vm).state.equals("success"));
        assertThat(vcenter.onlyTask(vm).percent).isEqualTo(100);
    }

    @Test
    void aMoveThatFailsLeavesACompleteMachineAndSaysWhyInVSpheresWords() throws Exception {
        var id = begin(TO_SAN);
        moveBegun().fail("NoDiskSpace", "Insufficient disk space on datastore 'san'.");

        var done = awaitState(id, "completed");
        assertThat(done.at("/move/state").asString()).isEqualTo("failed");
        assertThat(done.at("/move/failure").asString())
                .isEqualTo("Insufficient disk space on datastore 'san'.");
        assertThat(done.get("message").asString())
                .contains("not moved to datastore san: Insufficient disk space");
        assertThat(flatFile()).isEqualTo(content);
        vcenter.awaitEvent(vm, "org.vmfinalize.notMoved");
        await(() -> vcenter.onlyTask(vm).state.equals("success"));
        assertThat(vcenter.onlyTask(vm).texts().getLast()).contains("Not moved to datastore san");
    }

    @Test
    void itCanBeMovedInsteadAndThenLetsGoOfTheBackup() throws Exception {
        var id = begin(INSTEAD + ",\"diskProvisioning\":{\"disk-0\":\"eager-thick\"}");
        var move = moveBegun();
        awaitState(id, "moving");
        assertThat(flatFile()).as("nothing is copied to our datastore").isNotEqualTo(content);
        assertThat(relocation(move).disks()).singleElement()
                .satisfies(disk -> assertThat(disk.form()).isEqualTo(DiskForm.THICK_EAGER_ZEROED));

        move.succeed();
        var done = awaitState(id, "completed");
        assertThat(done.get("doneBytes").asLong()).isEqualTo(SIZE);
        assertThat(server.datastore.resolve("vm" + count)).doesNotExist();
        assertThat(server.get("/api/v1/instant-vms/" + vm).text("type"))
                .isEqualTo("/problems/not-an-instant-vm");
        assertThat(vcenter.machine(vm).managedBy()).isEmpty();
    }

    @Test
    void aMoveInsteadThatFailsLeavesTheMachineRunningFromItsBackup() throws Exception {
        var id = begin(INSTEAD);
        moveBegun().fail("MigrationFault", "The migration has failed.");

        var failed = awaitState(id, "failed");
        assertThat(failed.get("failure").asString()).isEqualTo("The migration has failed.");
        assertThat(server.get("/api/v1/instant-vms/" + vm).json().at("/backup/open").asBoolean()).isTrue();
        assertThat(vcenter.machine(vm).managedBy()).isPresent();
    }

    /// What vCenter calls a success is looked at before anything of ours is deleted.
    @Test
    void aSuccessThatMovedNoDiskIsNone() throws Exception {
        var id = begin(INSTEAD);
        moveBegun().over = true;

        assertThat(awaitState(id, "failed").get("failure").asString())
                .contains("these disks are not there: [ds1]");
        assertThat(server.datastore.resolve("vm" + count).resolve("disk-0-flat.vmdk")).exists();
    }

    @Test
    void cancellingStopsVCentersTask() throws Exception {
        var id = begin(INSTEAD);
        var move = moveBegun();
        awaitState(id, "moving");

        assertThat(server.post(FINALIZATIONS + "/" + id + "/cancel", "").status()).isEqualTo(200);

        awaitState(id, "cancelled");
        assertThat(move.cancelAsked).isTrue();
        assertThat(server.datastore.resolve("vm" + count).resolve("disk-0-flat.vmdk")).exists();
    }

    @Test
    void cancellingInVCenterStopsTheMoveToo() throws Exception {
        var id = begin(TO_SAN);
        var move = moveBegun();
        vcenter.onlyTask(vm).cancelAsked = true;

        var done = awaitState(id, "completed");
        assertThat(move.cancelAsked).isTrue();
        assertThat(done.at("/move/state").asString()).as("complete, and where it was").isEqualTo("cancelled");
    }

    @Test
    void aVCenterThatIsAwayMeanwhileIsWaitedFor() throws Exception {
        var id = begin(TO_SAN);
        var move = moveBegun();
        awaitState(id, "moving");
        vcenter.away = true;
        await(() -> {
            try {
                return !server.get(FINALIZATIONS + "/" + id).json().get("pauseReason").isNull();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        move.succeed();
        vcenter.away = false;

        assertThat(awaitState(id, "completed").at("/move/state").asString()).isEqualTo("moved");
    }

    @Test
    void aTaskThatVCenterForgotIsAskedForAgain() throws Exception {
        var id = begin(TO_SAN);
        moveBegun().forgotten = true;
        await(() -> vcenter.storage.moves.stream().filter(move -> move.vm.value().equals(vm)).count() == 2);
        vcenter.storage.moveOf(vm).succeed();

        assertThat(awaitState(id, "completed").at("/move/state").asString()).isEqualTo("moved");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"moveTo\":\"ds1\" | 422 | same-datastore | holds the VM's changes already",
            "\"moveTo\":\"nowhere\" | 422 | datastore-not-found | vCenter shows no such datastore to alice, only",
            "\"moveTo\":\"twin\" | 422 | ambiguous-name | datastore-8, datastore-9",
            "\"moveTo\":\"small\" | 507 | datastore-full | needs 1 MiB there but 0 MiB are free",
            "\"moveTo\":\"far\" | 422 | datastore-not-reachable | does not reach it",
            "\"moveInstead\":true | 400 | bad-request | must not be given without moveTo",
            "\"moveTo\":\"san\",\"diskProvisioning\":{\"disk-9\":\"thin\"} | 400 | bad-request | no disk 'disk-9', only disk-0"})
    void whatCannotBeIsRefusedBeforeAnythingHappens(String more, int status, String type, String text)
            throws Exception {
        vcenter.storage.others.addAll(List.of(MemoryStorage.store("datastore-8", "twin", 1L << 40),
                MemoryStorage.store("datastore-9", "twin", 1L << 40),
                MemoryStorage.store("datastore-10", "small", 1000), far()));

        var answer = server.post(FINALIZATIONS, "{\"vm\":\"%s\",%s}".formatted(vm, more));

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.text("type")).isEqualTo("/problems/" + type);
        assertThat(answer.text("detail")).contains(text);
        assertThat(vcenter.tasks.values()).noneMatch(task -> task.vm.value().equals(vm));
    }

    private static Datastore far() {
        var near = MemoryStorage.store("datastore-11", "far", 1L << 40);
        return new Datastore(near.ref(), near.name(), near.type(), near.capacityBytes(), near.freeBytes(),
                true,
                near.nfs(), List.of(), List.of());
    }

    @Test
    void vSpheresObjectionsAreSaidInItsOwnWords() throws Exception {
        vcenter.storage.check = new RelocationCheck(List.of("The virtual machine has snapshots."),
                List.of("The disk will be encrypted."));

        var answer = server.post(FINALIZATIONS, "{\"vm\":\"%s\"%s}".formatted(vm, TO_SAN));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("detail"))
                .isEqualTo("moveTo 'san': vSphere refuses: The virtual machine has snapshots.");

        var plan = server.post(FINALIZATIONS + "/plan", "{\"vm\":\"%s\"%s}".formatted(vm, TO_SAN)).json();
        assertThat(plan.get("possible").asBoolean()).isFalse();
        assertThat(plan.get("warnings").toString()).contains("The disk will be encrypted.");
    }

    @Test
    void thePlanSaysWhatTheMoveTakes() throws Exception {
        var plan = server.post(FINALIZATIONS + "/plan",
                "{\"vm\":\"%s\",\"moveTo\":\"datastore-7\",\"moveInstead\":true}".formatted(vm)).json();

        assertThat(plan.get("possible").asBoolean()).as(plan.toString()).isTrue();
        assertThat(plan.at("/move/name").asString()).isEqualTo("san");
        assertThat(plan.at("/move/neededBytes").asLong()).isEqualTo(SIZE);
        assertThat(plan.at("/move/freeBytes").asLong()).isEqualTo(1L << 40);
        assertThat(plan.get("privileges").toString()).contains("Resource.HotMigrate",
                "Datastore.AllocateSpace", "datastore san");
        assertThat(vcenter.storage.moves).noneMatch(move -> move.vm.value().equals(vm));
    }

    @ParameterizedTest
    @CsvSource({"Resource.HotMigrate", "Datastore.AllocateSpace"})
    void aMissingPrivilegeIsNamed(String privilege) throws Exception {
        vcenter.missingPrivileges.add(privilege);

        var answer = server.post(FINALIZATIONS, "{\"vm\":\"%s\"%s}".formatted(vm, TO_SAN));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text("detail")).contains(privilege);
    }

    @Test
    void aMachineThatIsOffNeedsThePrivilegeOfAColdMove() throws Exception {
        var machine = vcenter.machine(vm);
        vcenter.machines.put(vm, new VirtualMachine(machine.ref(), machine.name(),
                PowerState.POWERED_OFF, machine.managedBy(), machine.vmPathName()));
        vcenter.missingPrivileges.add("Resource.ColdMigrate");

        assertThat(server.post(FINALIZATIONS, "{\"vm\":\"%s\"%s}".formatted(vm, TO_SAN)).text("detail"))
                .contains("Resource.ColdMigrate");
    }

    @Test
    void aMoveThatIsRefusedAtOnceIsNotTriedAgain() throws Exception {
        vcenter.failing.put("relocate", VCenterFault.INVALID_STATE);

        var done = awaitState(begin(TO_SAN), "completed");

        assertThat(done.at("/move/failure").asString()).isEqualTo("InvalidState");
        assertThat(Arrays.equals(flatFile(), content)).isTrue();
    }
}
