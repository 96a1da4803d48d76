package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.UnmountObstacles;
import org.vmfinalize.vcenter.VirtualMachine;

/// Whatever call the server is killed at, a repair leaves nothing of ours in vCenter.
class DoctorTest {

    private static final String DOCTOR = "/api/v1/doctor";

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    @BeforeEach
    void makeBackup() throws Exception {
        var content = new byte[1 << 20];
        new Random(12).nextBytes(content);
        Files.write(folder.resolve("backup.raw"), content);
    }

    private RunningServer start() throws Exception {
        return RunningServer.start(folder, vcenter, "--vmfinalize.instant-vms.create-grace=0s").as("alice",
                "ecila");
    }

    private RunningServer.Answer run(RunningServer server) throws Exception {
        return server.post("/api/v1/instant-vms", "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(folder.resolve("backup.raw")));
    }

    private static List<String> kinds(RunningServer.Answer answer) {
        return answer.json().get("items").valueStream().map(item -> item.get("kind").asString()).toList();
    }

    private void discardAll(RunningServer server) throws Exception {
        for (var vm : vcenter.machines.keySet()) {
            server.send("DELETE", "/api/v1/instant-vms/" + vm, null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before mountNfs", "after mountNfs", "before createVm", "after createVm",
            "before powerOn", "after powerOn", "before powerOff", "after powerOff", "before unregister",
            "after unregister"})
    void aKillAtAnyCallIsRepaired(String when) throws Exception {
        try (var server = start()) {
            vcenter.kill = when;
            run(server);
            if (!vcenter.away) {
                discardAll(server);
            }
            assertThat(vcenter.away).as("it was killed").isTrue();
        }
        vcenter.kill = "";
        vcenter.away = false;

        try (var server = start()) {
            server.post(DOCTOR + "/repair", "{}");
            discardAll(server);
            server.post(DOCTOR + "/repair", "{}");

            assertThat(kinds(server.get(DOCTOR))).isEmpty();
            assertThat(vcenter.machines).isEmpty();
            assertThat(vcenter.mounts).isEmpty();
            assertThat(server.datastore.resolve("vm")).doesNotExist();
        }
    }

    @Test
    void whatIsInUseIsNoFinding() throws Exception {
        try (var server = start()) {
            run(server);

            assertThat(kinds(server.get(DOCTOR))).isEmpty();
            assertThat(kinds(server.post(DOCTOR + "/repair", "{}"))).isEmpty();
            assertThat(vcenter.mounts).hasSize(1);
        }
    }

    @Test
    void aMachineThatWasTakenOutOfTheInventoryIsTakenUpAgainWhenItIsRegisteredAnew() throws Exception {
        try (var server = start()) {
            var id = run(server).text("id");
            var taken = vcenter.machine(id);
            vcenter.machines.remove(id);
            assertThat(kinds(server.post(DOCTOR + "/repair", "{}"))).containsExactly("missing-vm");
            assertThat(server.datastore.resolve("vm/disk-0.vmdk")).exists();

            var again = vcenter.add("vm again");
            vcenter.specs.put(again.value(), Objects.requireNonNull(vcenter.specs.remove(id)));
            vcenter.machines.put(again.value(), new VirtualMachine(again, "vm again", PowerState.POWERED_OFF,
                    Optional.empty(), taken.vmPathName()));
            assertThat(kinds(server.post(DOCTOR + "/repair", "{}"))).containsExactly("missing-vm");

            assertThat(kinds(server.get(DOCTOR))).isEmpty();
            assertThat(vcenter.machine(again.value()).managedBy()).contains(VmFinalizeKeys.INSTANT_VM);
            var job = server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(again.value()))
                    .text("id");
            server.await(job, view -> view.get("state").asString().equals("completed"));
        }
    }

    @Test
    void aDatastoreThatIsNotServedAnyMoreWhileHostsHaveItIsNamedAndUnmountedOnceNothingIsOnIt()
            throws Exception {
        var second = new String[]{"--vmfinalize.datastores[1].name=ds2",
                "--vmfinalize.datastores[1].directory=" + folder.resolve("ds2")};
        String vm;
        try (var server = RunningServer.start(folder, vcenter, second).as("alice", "ecila")) {
            vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds2\"}"
                            .formatted(folder.resolve("backup.raw")))
                    .text("id");
        }
        try (var server = start()) {
            var finding = server.get(DOCTOR).json().get("items").get(0);
            assertThat(finding.get("kind").asString()).isEqualTo("unserved-mount");
            assertThat(finding.get("subject").asString()).isEqualTo("ds2 on host-1");
            assertThat(kinds(server.post(DOCTOR + "/repair", "{}"))).containsExactly("unserved-mount");
            assertThat(vcenter.mounts).containsKey("ds2");
        }
        try (var server = RunningServer.start(folder, vcenter, second).as("alice", "ecila")) {
            assertThat(server.send("DELETE", "/api/v1/instant-vms/" + vm, null).status()).isEqualTo(200);
        }
        try (var server = start()) {
            assertThat(kinds(server.post(DOCTOR + "/repair", "{}"))).containsExactly("unused-mount");
            assertThat(vcenter.mounts).isEmpty();
        }
    }

    @Test
    void whoMayNotMountMakesNothingForgotten() throws Exception {
        try (var server = start()) {
            run(server);
            discardAll(server);
            vcenter.mountedOn.remove("ds1");
            vcenter.missingPrivileges.add("Host.Config.Storage");

            var refused = server.post(DOCTOR + "/repair", "{}").json().get("items").get(0);

            assertThat(refused.get("repaired").asBoolean()).isFalse();
            assertThat(refused.get("detail").asString()).contains("Host.Config.Storage");
            vcenter.missingPrivileges.clear();
            assertThat(kinds(server.post(DOCTOR + "/repair", "{}"))).containsExactly("forgotten-mount");
            assertThat(kinds(server.get(DOCTOR))).isEmpty();
        }
    }

    @Test
    void aMachineOfAnotherServerIsReportedAndLeftAlone() throws Exception {
        var theirs = vcenter.add("theirs");
        vcenter.machines.put(theirs.value(), new VirtualMachine(theirs, "theirs", PowerState.POWERED_ON,
                Optional.of(VmFinalizeKeys.INSTANT_VM), "[other] theirs/theirs.vmx"));
        try (var server = start()) {
            assertThat(kinds(server.get(DOCTOR))).containsExactly("unknown-vm");

            server.post(DOCTOR + "/repair", "{}");

            assertThat(vcenter.machine(theirs.value()).managedBy()).contains(VmFinalizeKeys.INSTANT_VM);
        }
    }

    @Test
    void whatAMountIsStillUsedForIsNamedBeforeItIsTakenAway() throws Exception {
        try (var server = start()) {
            run(server);
            discardAll(server);
            vcenter.storage.obstacles = new UnmountObstacles(List.of("web-01"), true, true,
                    Optional.of("gold"));

            var told = server.post(DOCTOR + "/repair", "{}").response().body();

            assertThat(told).contains("web-01", "vSphere HA takes its heartbeats",
                    "Storage I/O Control is enabled",
                    "datastore cluster 'gold'");
            assertThat(vcenter.mounts).containsKey("ds1");
            vcenter.storage.obstacles = UnmountObstacles.NONE;
            server.post(DOCTOR + "/repair", "{}");
            assertThat(vcenter.mounts).isEmpty();
        }
    }

    @Test
    void whoDoesNotLookAfterVCenterIsToldWhichPrivilegeThatTakes() throws Exception {
        try (var server = start()) {
            vcenter.missingPrivileges.add("Global.Diagnostics");

            for (var answer : List.of(server.get(DOCTOR), server.post(DOCTOR + "/repair", null))) {
                assertThat(answer.problem()).isEqualTo("forbidden");
                assertThat(answer.text("detail")).contains("Global.Diagnostics", "alice");
            }
            vcenter.missingPrivileges.clear();
            assertThat(server.get(DOCTOR).status()).isEqualTo(200);
        }
    }
}
