package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MachineState;
import org.vmfinalize.vcenter.MoRef;
import tools.jackson.databind.JsonNode;

/// A plan says what the action would, all at once, and changes nothing.
class PlanApiTest extends ApiTest {

    private static final int SIZE = 2 << 20;

    PlanApiTest() {
        super(SIZE);
    }

    @Override
    void prepare() {
        vcenter.hosts.add(new Host(new MoRef("HostSystem", "host-2"), "esx2", false, false,
                MemoryVCenter.CLUSTER));
    }

    private String body(String more) {
        return "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"%s}".formatted(name, backup, more);
    }

    private static JsonNode plan(String path, String body) throws Exception {
        var answer = server.post(path + "/plan", body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> each(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false).map(item -> item.get(field).asString())
                .toList();
    }

    @Test
    void aFinalizationIsPlannedInBytesAndHostsAndLeftUndone() throws Exception {
        var vm = runVm(name);
        server.bean(Datastores.class).require("ds1").instantDisks(name).orElseThrow().disks().getFirst()
                .write(ByteBuffer.wrap(new byte[8192]), 0);

        var plan = plan(FINALIZATIONS, "{\"vm\":\"%s\",\"name\":\"%s-prod\"}".formatted(vm, name));

        assertThat(plan.get("possible").asBoolean()).as(plan.toString()).isTrue();
        assertThat(plan.get("refusals")).isEmpty();
        assertThat(plan.get("newName").asString()).isEqualTo(name + "-prod");
        assertThat(plan.get("inBackupBytes").asLong()).isEqualTo(SIZE - 8192);
        assertThat(plan.get("disks").get(0).get("inBackupBytes").asLong()).isEqualTo(SIZE - 8192);
        assertThat(plan.get("datastore").get("neededBytes").asLong()).isEqualTo(SIZE - 8192);
        assertThat(plan.get("datastore").get("freeBytes").asLong()).isPositive();
        assertThat(each(plan.get("privileges"), "privilege")).containsExactly("vmfinalize.Finalize",
                "VirtualMachine.Config.Rename");
        assertThat(each(plan.get("hosts"), "name")).containsExactly("esx1", "esx2");
        assertThat(plan.get("hosts").get(0).get("reachable").asBoolean()).isTrue();
        assertThat(plan.get("hosts").get(1).get("reachable").asBoolean()).isFalse();
        assertThat(each(plan.get("warnings"), "type")).containsExactly("/warnings/host-not-reachable");
        assertThat(plan.get("time").get("secondsAtMost").isNull()).isTrue();
        assertThat(plan.get("time").get("reason").asString()).contains("ds1");
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("finalization").isNull()).isTrue();
        assertThat(vcenter.machine(vm).name()).isEqualTo(name);
    }

    @Test
    void everythingThatSpeaksAgainstItIsNamedAtOnceWithItsRemedy() throws Exception {
        var vm = runVm(name);
        vcenter.add(name + "-taken");
        vcenter.missingPrivileges.add("VirtualMachine.Config.Rename");

        var plan = plan(FINALIZATIONS,
                "{\"vm\":\"%s\",\"name\":\"%s-taken\",\"provisioning\":\"fat\"}".formatted(vm, name));

        assertThat(plan.get("possible").asBoolean()).isFalse();
        assertThat(each(plan.get("refusals"), "type")).containsExactly("/problems/invalid-provisioning",
                "/problems/forbidden", "/problems/name-taken");
        assertThat(each(plan.get("refusals"), "remedy"))
                .allSatisfy(remedy -> assertThat(remedy).endsWith("."));
        assertThat(plan.get("privileges").get(1).get("granted").asBoolean()).isFalse();
        assertThat(each(plan.get("clashes"), "kind")).contains("name");
    }

    @Test
    void aClashWithTheOriginalIsAWarning() throws Exception {
        var original = vcenter.add("backup");
        vcenter.macs.put(original.value(), Set.of("00:50:56:00:00:01"));
        var vm = runVm(name);
        vcenter.macs.put(vm, Set.of("00:50:56:00:00:01"));
        server.bean(org.vmfinalize.server.backup.BackupCatalog.class).refresh();

        var plan = plan(FINALIZATIONS, "{\"vm\":\"%s\"}".formatted(vm));

        assertThat(each(plan.get("clashes"), "kind")).containsExactly("mac");
        assertThat(plan.get("clashes").get(0).get("vm").get("name").asString()).isEqualTo("backup");
        assertThat(each(plan.get("warnings"), "type")).contains("/warnings/mac-clash");
        assertThat(plan.get("possible").asBoolean()).isTrue();
        vcenter.machines.remove(original.value());
    }

    @Test
    void aRunIsPlannedAndNothingIsLeftOfIt() throws Exception {
        int machines = vcenter.machines.size();

        var plan = plan(INSTANT_VMS, body(",\"network\":\"Production\""));

        assertThat(plan.get("possible").asBoolean()).as(plan.toString()).isTrue();
        assertThat(plan.get("inBackupBytes").asLong()).isEqualTo(SIZE);
        assertThat(plan.get("backup").get("format").asString()).isEqualTo("raw");
        assertThat(each(plan.get("privileges"), "privilege")).contains("vmfinalize.RunFromBackup",
                "Resource.AssignVMToPool", "VirtualMachine.Interact.PowerOn", "Network.Assign");
        assertThat(plan.get("vm").get("id").isNull()).isTrue();
        assertThat(vcenter.machines).hasSize(machines);
        assertThat(server.datastore.resolve(name)).doesNotExist();
    }

    /// The action names the first, the plan all: what the action says is among what the plan says.
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"\"host\":\"esx9\"", "\"host\":\"esx2\"", "\"cluster\":\"Other\"",
            "\"folder\":\"Same\"", "\"networks\":{\"VM Network\":\"Other\"}", "\"hardwareVersion\":\"21\"",
            "\"cpus\":0", "\"name\":\"\"", "\"datastore\":\"ds9\"", "\"backup\":\"/etc/passwd\"",
            "\"secondCopy\":\"/etc/passwd\""})
    void planAndRunRefuseForTheSameReason(String fields) throws Exception {
        var body = body("," + fields);

        var refused = server.post(INSTANT_VMS, body);

        assertThat(each(plan(INSTANT_VMS, body).get("refusals"), "type"))
                .contains("/problems/" + refused.problem());
    }

    @Test
    void withoutAMachineOrASessionThereIsNoPlan() throws Exception {
        assertThat(server.post(FINALIZATIONS + "/plan", "{\"vm\":\"vm-9999\"}").problem())
                .isEqualTo("vm-not-found");
        server.asNobody();
        assertThat(server.post(INSTANT_VMS + "/plan", "{}").problem()).isEqualTo("unauthorized");
    }

    @Test
    void whatTheGuestTellsIsShownOfOneMachine() throws Exception {
        var vm = runVm(name);
        vcenter.guests.put(vm, new MachineState.Guest(Optional.of("192.0.2.7"), Optional.of("web-01"),
                Optional.of("guestToolsRunning")));

        var guest = server.get(INSTANT_VMS + "/" + vm).json().get("guest");

        assertThat(guest.get("ipAddress").asString()).isEqualTo("192.0.2.7");
        assertThat(guest.get("hostName").asString()).isEqualTo("web-01");
        assertThat(guest.get("toolsStatus").asString()).isEqualTo("guestToolsRunning");
    }
}
