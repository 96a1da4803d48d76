package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VCenterFault;
import tools.jackson.databind.JsonNode;

/// The life of an instant VM over real HTTPS, on real disks.
class FinalizationApiTest extends ApiTest {

    private static final int SIZE = 4 << 20;

    FinalizationApiTest() {
        super(SIZE);
    }

    private static RunningServer.Answer run(String name, Path backup) throws Exception {
        return server.post(INSTANT_VMS,
                "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(name, backup));
    }

    private static RunningServer.Answer finalizeVm(String vm, String more) throws Exception {
        return server.post(FINALIZATIONS, "{\"vm\":\"%s\"%s}".formatted(vm, more));
    }

    @Test
    void aVmRunsFromTheBackupAtOnce() throws Exception {
        var answer = run(name, backup);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.response().headers().firstValue("location"))
                .contains(INSTANT_VMS + "/" + answer.text("id"));
        var machine = vcenter.machine(answer.text("id"));
        assertThat(machine.powerState()).isEqualTo(PowerState.POWERED_ON);
        assertThat(machine.managedBy().orElseThrow().type()).isEqualTo("instant-vm");
        assertThat(vcenter.mounts).containsKey("ds1");
        var vm = server.get(INSTANT_VMS + "/" + answer.text("id")).json();
        assertThat(vm.get("powerState").asString()).isEqualTo("poweredOn");
        assertThat(vm.get("backup").get("open").asBoolean()).isTrue();
        assertThat(vm.get("backup").get("format").asString()).isEqualTo("raw");
        assertThat(vm.get("disks").get(0).get("toDoBytes").asLong()).isEqualTo(SIZE);
        assertThat(vm.get("finalization").isNull()).isTrue();
        assertThat(server.datastore.resolve(vm.get("disks").get(0).get("file").asString())).isRegularFile();
    }

    @Test
    void thePaceCanBeChangedWhileItRuns() throws Exception {
        var id = finalizeSlowly(runVm(name));
        var path = FINALIZATIONS + "/" + id;

        var changed = server.send("PATCH", path, "{\"latencyGoalMillis\":50,\"priority\":\"high\"}");

        assertThat(changed.status()).as(changed.response().body()).isEqualTo(200);
        var pace = server.get(path).json().get("pace");
        assertThat(pace.get("bytesPerSecond").asLong()).isEqualTo(1000);
        assertThat(pace.get("latencyGoalMillis").asLong()).isEqualTo(50);
        assertThat(pace.get("priority").asString()).isEqualTo("high");
        assertThat(server.send("PATCH", path, "{\"priority\":\"highest\"}").status()).isEqualTo(400);
        assertThat(server.send("PATCH", path, "{\"latencyGoalMillis\":-1}").status()).isEqualTo(400);

        assertThat(server.send("PATCH", path, "{\"bytesPerSecond\":0}").status()).isEqualTo(200);

        var events = server.events(path + "/events");
        assertThat(events.getLast().get("state").asString()).isEqualTo("completed");
        assertThat(events.getLast().get("pace").get("priority").asString()).isEqualTo("high");
        assertThat(server.send("PATCH", path, "{\"bytesPerSecond\":1}").status()).isEqualTo(409);
    }

    @Test
    void finalizingMakesItARegularVmOnItsOwnDisk() throws Exception {
        var vm = runVm(name);

        var answer = finalizeVm(vm, ",\"name\":\"%s-new\"".formatted(name));
        var id = answer.text("id");
        var events = server.events(FINALIZATIONS + "/" + id + "/events");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.response().headers().firstValue("location")).contains(FINALIZATIONS + "/" + id);
        var last = events.getLast();
        assertThat(last.get("state").asString()).isEqualTo("completed");
        assertThat(last.get("doneBytes").asLong()).isEqualTo(SIZE).isEqualTo(last.get("totalBytes").asLong());
        assertThat(last.get("vm").get("name").asString()).isEqualTo(name + "-new");
        assertThat(last.get("initiator").asString()).isEqualTo("alice");
        assertThat(last.get("endedAt").isNull()).isFalse();
        var disk = last.get("disks").get(0);
        assertThat(disk.get("state").asString()).isEqualTo("completed");
        var flat = server.datastore.resolve(disk.get("file").asString().replace(".vmdk", "-flat.vmdk"));
        assertThat(Files.readAllBytes(flat)).isEqualTo(content);

        var machine = vcenter.machine(vm);
        assertThat(machine.name()).isEqualTo(name + "-new");
        assertThat(machine.managedBy()).isEmpty();
        var task = vcenter.onlyTask(vm);
        assertThat(task.state).isEqualTo("success");
        assertThat(task.initiatedBy).as("whom vCenter's task list names").isEqualTo("alice");
        assertThat(task.percent).isEqualTo(100);
        assertThat(last.get("task").asString()).isEqualTo(task.ref.value());
        assertThat(server.get(INSTANT_VMS + "/" + vm).problem()).isEqualTo("not-an-instant-vm");
        assertThat(server.get(FINALIZATIONS + "/" + id).json()).isEqualTo(last);
        assertThat(finalizeVm(vm, "").problem()).isEqualTo("not-an-instant-vm");
    }

    @Test
    void ofManyWhoFinalizeTheSameVmOneWins() throws Exception {
        var vm = runVm(name);
        int callers = 8;

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = IntStream
                    .range(0, callers).<Callable<RunningServer.Answer>>mapToObj(
                            _ -> () -> finalizeVm(vm, ",\"bytesPerSecond\":1000"))
                    .toList();
            var answers = threads.invokeAll(tasks).stream().map(Future::resultNow).toList();

            assertThat(answers.stream().filter(answer -> answer.status() == 202)).hasSize(1);
            assertThat(answers.stream().filter(answer -> answer.status() != 202)
                    .map(RunningServer.Answer::problem))
                    .hasSize(callers - 1)
                    .containsOnly("already-finalizing");
        }
        assertThat(vcenter.tasks.values().stream().filter(task -> task.vm.value().equals(vm))).hasSize(1);
    }

    @Test
    void pauseResumeAndCancelAreDoneAndToldToVCenter() throws Exception {
        var vm = runVm(name);
        var id = finalizeSlowly(vm);

        assertThat(server.post(FINALIZATIONS + "/" + id + "/pause", null).text("state")).isEqualTo("paused");
        assertThat(server.post(FINALIZATIONS + "/" + id + "/resume", null).text("state"))
                .isEqualTo("hydrating");
        assertThat(server.post(FINALIZATIONS + "/" + id + "/cancel", null).status()).isEqualTo(200);
        var end = server.await(id, view -> view.get("state").asString().equals("cancelled"));

        assertThat(end.get("doneBytes").asLong()).isLessThan(SIZE);
        assertThat(vcenter.machine(vm).managedBy()).isPresent();
        assertThat(server.post(FINALIZATIONS + "/" + id + "/pause", null).problem())
                .isEqualTo("invalid-state");
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("finalization").isNull()).isTrue();
        var again = finalizeVm(vm, "").text("id");
        assertThat(server.events(FINALIZATIONS + "/" + again + "/events").getLast().get("state").asString())
                .isEqualTo("completed");
    }

    @Test
    void cancellingVCentersTaskCancelsTheJob() throws Exception {
        var vm = runVm(name);
        var id = finalizeSlowly(vm);

        vcenter.onlyTask(vm).cancelAsked = true;
        var last = server.events(FINALIZATIONS + "/" + id + "/events").getLast();

        assertThat(last.get("state").asString()).isEqualTo("cancelled");
    }

    @Test
    void theJobGoesOnWhileVCenterIsAwayAndTellsItAfterwards() throws Exception {
        var vm = runVm(name);
        var id = finalizeSlowly(vm);
        vcenter.away = true;

        // Watching needs no vCenter: the session is known. The limit keeps the job going until it is paused here.
        var waiting = server.await(id, view -> view.get("doneBytes").asLong() > 0);
        assertThat(waiting.get("state").asString()).isEqualTo("hydrating");
        assertThat(server.get(INSTANT_VMS).problem()).isEqualTo("vcenter-unavailable");
        vcenter.away = false;
        server.post(FINALIZATIONS + "/" + id + "/cancel", null);

        server.await(id, view -> view.get("state").asString().equals("cancelled"));
        assertThat(vcenter.machine(vm).managedBy()).isPresent();
    }

    @Test
    void aCompletedDiskWaitsForVCenterBeforeTheJobIsOver() throws Exception {
        var vm = runVm(name);
        vcenter.failing.put("clearManagedBy", "NoPermission");

        var id = finalizeVm(vm, "").text("id");
        var waiting = server.await(id, view -> !view.get("pauseReason").isNull());
        assertThat(waiting.get("state").asString()).isEqualTo("sealing");
        assertThat(waiting.get("pauseReason").asString()).contains("NoPermission");
        assertThat(vcenter.onlyTask(vm).state).isEqualTo("running");
        vcenter.failing.clear();

        assertThat(server.events(FINALIZATIONS + "/" + id + "/events").getLast().get("state").asString())
                .isEqualTo("completed");
        assertThat(vcenter.onlyTask(vm).state).isEqualTo("success");
    }

    @Test
    void aNameThatIsTakenStopsItBeforeAnythingIsDone() throws Exception {
        var vm = runVm(name);
        vcenter.add(name + "-taken");

        assertThat(finalizeVm(vm, ",\"name\":\"%s-taken\"".formatted(name)).problem())
                .isEqualTo("name-taken");

        assertThat(vcenter.machine(vm).name()).isEqualTo(name);
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("finalization").isNull()).isTrue();
        assertThat(vcenter.tasks.values().stream().filter(task -> task.vm.value().equals(vm))).isEmpty();
        assertThat(finalizeVm(vm, "").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\\u0000b", "line\\nfeed", "\\u202eevil",
            "123456789012345678901234567890123456789012345678901234567890123456789012345678901"})
    void aNameThatVCenterWouldNotTakeIsRefused(String bad) throws Exception {
        assertThat(finalizeVm("vm-1", ",\"name\":\"%s\"".formatted(bad)).problem()).isEqualTo("name-invalid");
        assertThat(server
                .post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"/x\",\"datastore\":\"ds1\"}".formatted(bad))
                .problem()).isEqualTo("name-invalid");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"\"vm\":\"vm-99999\"; vm-not-found",
            "\"vm\":\"../etc\"; vm-not-found",
            "\"name\":\"x\"; vm-not-found", "\"vm\":\"vm-1\",\"provisioning\":\"fat\"; invalid-provisioning",
            "\"vm\":\"vm-1\",\"bytesPerSecond\":-1; bad-request", "\"vm\":[]; bad-request"})
    void aRequestThatCannotBeIsRefused(String fields, String problem) throws Exception {
        assertThat(server.post(FINALIZATIONS, "{" + fields + "}").problem()).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "{'vm':'vm-1','bytesPerSecnd':1}; no field 'bytesPerSecnd'; did you mean 'bytesPerSecond'?",
            "{'vm':'vm-1','bytesPerSecond':'1'}; bytesPerSecond; must be of the type",
            "{'vm':'vm-1','bytesPerSecond':1.5}; bytesPerSecond; must be of the type",
            "{'vm':'vm-1','name':7}; name; must be of the type", "[]; it; must be of the type",
            "{'vm':'vm-1',}; must be JSON; check commas"})
    void aBodyThatIsNotAsDescribedIsRefusedByTheFieldsName(String body, String what, String hint)
            throws Exception {
        var refused = server.post(FINALIZATIONS, body.replace('\'', '"'));

        assertThat(refused.problem()).isEqualTo("bad-request");
        assertThat(refused.text("detail")).contains(what, hint).doesNotContain("vm-1");
    }

    @Test
    void aDatastoreThatIsNotThereIsNotFound() throws Exception {
        assertThat(server.get("/api/v1/datastores/ds9").problem()).isEqualTo("not-found");
    }

    @Test
    void aVmThatDoesNotRunFromABackupIsRefused() throws Exception {
        assertThat(finalizeVm(vcenter.add(name).value(), "").problem()).isEqualTo("not-an-instant-vm");
    }

    @Test
    void eachMissingPrivilegeIsNamed() throws Exception {
        var vm = runVm(name);
        vcenter.missingPrivileges.addAll(List.of("vmfinalize.Finalize", "VirtualMachine.Config.Rename",
                "vmfinalize.RunFromBackup"));

        var plain = finalizeVm(vm, "");
        var renaming = finalizeVm(vm, ",\"name\":\"other\"");
        var running = run("other", backup);

        assertThat(plain.problem()).isEqualTo("forbidden");
        assertThat(plain.json().get("privileges").toString()).isEqualTo("[\"vmfinalize.Finalize\"]");
        assertThat(renaming.json().get("privileges").toString())
                .isEqualTo("[\"VirtualMachine.Config.Rename\",\"vmfinalize.Finalize\"]");
        assertThat(running.problem()).isEqualTo("forbidden");
        assertThat(running.text("detail")).contains("vmfinalize.RunFromBackup", "esx1", "alice");
    }

    @Test
    void whoMayNotFinalizeMayNotCancelEither() throws Exception {
        var vm = runVm(name);
        var id = finalizeSlowly(vm);
        vcenter.missingPrivileges.add("vmfinalize.Finalize");

        assertThat(server.post(FINALIZATIONS + "/" + id + "/cancel", null).problem()).isEqualTo("forbidden");
        assertThat(server.get(FINALIZATIONS + "/" + id).text("state")).isEqualTo("hydrating");
    }

    @Test
    void aThickDiskThatDoesNotFitIsRefused() throws Exception {
        long free = Files.getFileStore(folder).getUsableSpace() / 512 * 512;
        var sparse = folder.resolve("huge.raw");
        try (var file = Files.newByteChannel(sparse, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            file.position(free + (1 << 30)).write(ByteBuffer.wrap(new byte[512]));
        }
        var vm = run(name, sparse);
        assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);

        var answer = finalizeVm(vm.text("id"), ",\"provisioning\":\"thick\"");

        assertThat(answer.problem()).isEqualTo("datastore-full");
        assertThat(answer.status()).isEqualTo(507);
        assertThat(answer.json().get("neededBytes").asLong())
                .isGreaterThan(answer.json().get("freeBytes").asLong());
        assertThat(answer.text("detail")).contains("ds1", "thick");
    }

    @Test
    void backupsThatCannotBeRunFromAreToldApart() throws Exception {
        var empty = Files.write(folder.resolve("empty.raw"), new byte[0]);
        var broken = Files.write(folder.resolve("broken.qcow2"),
                new byte[]{'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3});

        assertThat(run("x1", folder.resolve("missing")).problem()).isEqualTo("backup-not-found");
        assertThat(run("x2", folder).problem()).isEqualTo("backup-not-found");
        assertThat(run("x3", empty).problem()).isIn("not-an-image", "backup-damaged");
        assertThat(run("x4", broken).problem()).isIn("not-an-image", "backup-damaged");
        assertThat(run("x5", server.data.resolve("server.p12")).problem()).isEqualTo("backup-not-allowed");
        var leadsOut = Files.createSymbolicLink(folder.resolve("link.raw"), Path.of("/etc/passwd"));
        assertThat(run("x7", leadsOut).problem()).isEqualTo("backup-not-allowed");
        assertThat(run("x8", Path.of("/etc/passwd")).problem()).isEqualTo("backup-not-allowed");
        assertThat(run("x9", Path.of("/etc/is-not-there")).problem()).isEqualTo("backup-not-allowed");
        assertThat(run("x10", Path.of(folder + "/../../../etc/passwd")).problem())
                .isEqualTo("backup-not-allowed");
        assertThat(server
                .post(INSTANT_VMS,
                        "{\"name\":\"x6\",\"backup\":\"%s\",\"datastore\":\"ds9\"}".formatted(backup))
                .problem()).isEqualTo("datastore-not-found");
        assertThat(vcenter.machines.values().stream().map(vm -> vm.name())).doesNotContain("x1", "x2", "x3",
                "x4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mountNfs", "createVm", "powerOn"})
    void whatFailsHalfWayIsUndone(String call) throws Exception {
        vcenter.failing.put(call, VCenterFault.RESOURCE_IN_USE);
        // What is mounted is not mounted again.
        vcenter.mounts.clear();
        vcenter.mountedOn.clear();
        var mountsBefore = vcenter.mounts.size();

        assertThat(run(name, backup).problem())
                .isEqualTo(call.equals("mountNfs") ? "datastore-not-reachable" : "vcenter-refused");

        vcenter.failing.clear();
        assertThat(vcenter.machines.values().stream().map(vm -> vm.name())).doesNotContain(name);
        assertThat(server.bean(Datastores.class).require("ds1").instantDisks(name)).isEmpty();
        assertThat(server.datastore.resolve(name).resolve("disk-0-flat.vmdk")).doesNotExist();
        assertThat(vcenter.mounts).hasSize(mountsBefore);
        assertThat(run(name, backup).status()).isEqualTo(201);
    }

    @Test
    void theMenuOffersFinalizeOnlyWhereThereIsSomethingToFinalize() throws Exception {
        var instant = runVm(name);
        var regular = vcenter.add(name + "-regular").value();
        assertThat(menu(instant)).isEqualTo("true true");
        assertThat(menu(regular)).isEqualTo("false false");
        assertThat(menu("vm-58:odd")).isEqualTo("false false");
        finalizeSlowly(instant);
        // From memory: vCenter is not asked.
        vcenter.away = true;
        assertThat(menu(instant)).isEqualTo("false true");
    }

    @Test
    void theMonitorViewIsThereForInstantVmsAndForWhatWasFinalized() throws Exception {
        var instant = runVm(name);
        var regular = vcenter.add(name + "-regular").value();
        assertThat(hasMonitorView(instant)).isTrue();
        assertThat(hasMonitorView(regular)).isFalse();
        assertThat(hasMonitorView("vm-58:odd")).isFalse();

        var id = server.post(FINALIZATIONS, "{\"vm\":\"%s\"}".formatted(instant)).json().get("id").asString();
        server.await(id, view -> view.get("state").asString().equals("completed"));

        assertThat(hasMonitorView(instant)).isTrue();
        assertThat(menu(instant)).isEqualTo("false false");
    }

    private static boolean hasMonitorView(String vm) throws Exception {
        return dynamicItem("monitor", "finalizeMonitor", vm).get("visible").asBoolean();
    }

    private static String menu(String vm) throws Exception {
        var item = dynamicItem("actions", "finalizeAction", vm);
        return item.get("visible").asBoolean() + " " + item.get("relevant").asBoolean();
    }

    private static JsonNode dynamicItem(String kind, String id, String vm) throws Exception {
        var item = server.post("/dynamic/vm/" + kind,
                "{\"apiVersion\":\"1.0.0\",\"objectIds\":[\"urn:vmomi:VirtualMachine:%s:guid\"],\"locale\":\"de\"}"
                        .formatted(vm))
                .json()
                .get("dynamicItems")
                .get(0);
        assertThat(item.get("id").asString()).isEqualTo(id);
        return item;
    }

    @Test
    void anUnknownFinalizationIsNotFound() throws Exception {
        assertThat(server.get(FINALIZATIONS + "/none").problem()).isEqualTo("finalization-not-found");
        assertThat(server.get(FINALIZATIONS + "/none/events").problem()).isEqualTo("finalization-not-found");
        assertThat(server.post(FINALIZATIONS + "/none/cancel", null).problem())
                .isEqualTo("finalization-not-found");
    }
}
