package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.discard.Discards;
import org.vmfinalize.server.instantvm.HalfMade;
import org.vmfinalize.vcenter.PowerState;

/// A server that is killed at any step of making or discarding an instant VM: the next one finishes it, or nothing is left.
class KilledWhileRunningTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";

    @TempDir
    Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    private RunningServer start() throws Exception {
        return RunningServer.start(folder, vcenter, "--vmfinalize.instant-vms.create-grace=0s",
                "--vmfinalize.changes-directory=" + folder.resolve("changes")).as("alice", "ecila");
    }

    private void makeBackup() throws Exception {
        byte[] content = new byte[1 << 20];
        new Random(11).nextBytes(content);
        Files.write(folder.resolve("backup.raw"), content);
    }

    private RunningServer.Answer run(RunningServer server, String name) throws Exception {
        return server.post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(name, folder.resolve("backup.raw")));
    }

    private void revive() {
        vcenter.kill = "";
        vcenter.away = false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"before mountNfs", "after mountNfs", "before createVm", "after createVm",
            "before powerOn", "after powerOn"})
    void aMachineInTheMakingIsFinishedIfItIsThereAndElseTakenAway(String when) throws Exception {
        makeBackup();
        try (var server = start()) {
            vcenter.kill = when;
            assertThat(run(server, "vm").status()).isGreaterThanOrEqualTo(500);
        }
        assertThat(leases()).as("the backup is held as long as there are disks").hasSize(1);
        revive();
        boolean made = vcenter.machines.size() == 1;
        assertThat(made).isEqualTo(when.equals("after createVm") || when.endsWith("powerOn"));

        try (var server = start()) {
            server.bean(HalfMade.class).goOn();
            server.bean(HalfMade.class).goOn();

            var items = server.get(INSTANT_VMS).json().get("items");
            assertThat(items).hasSize(made ? 1 : 0);
            assertThat(Files.exists(server.datastore.resolve("vm"))).isEqualTo(made);
            if (made) {
                var id = items.get(0).get("id").asString();
                assertThat(vcenter.machine(id).powerState()).isEqualTo(PowerState.POWERED_ON);
                var job = server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(id)).text("id");
                server.await(job, view -> view.get("state").asString().equals("completed"));
            } else {
                assertThat(vcenter.machines).isEmpty();
            }
            assertThat(leases()).isEmpty();
            assertThat(run(server, "vm2").status()).isEqualTo(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before powerOff", "after powerOff", "before unregister", "after unregister"})
    void aDiscardThatWasCutOffGoesOn(String when) throws Exception {
        makeBackup();
        String id;
        try (var server = start()) {
            id = run(server, "vm").text("id");
            vcenter.kill = when;
            assertThat(server.send("DELETE", INSTANT_VMS + "/" + id + "?keepChanges=a/b", null).status())
                    .isGreaterThanOrEqualTo(500);
        }
        revive();

        try (var server = start()) {
            server.bean(Discards.class).goOn();

            assertThat(vcenter.machines).isEmpty();
            assertThat(server.datastore.resolve("vm")).doesNotExist();
            assertThat(leases()).isEmpty();
            assertThat(folder.resolve("changes/a/b.qcow2")).isRegularFile();
            var told = server.send("DELETE", INSTANT_VMS + "/" + id, null);
            assertThat(told.text("state")).isEqualTo("discarded");
            assertThat(told.json().get("keptFiles").get(0).asString()).endsWith("changes/a/b.qcow2");
            assertThat(server.as("bob", "bob").send("DELETE", INSTANT_VMS + "/" + id, null).problem())
                    .isEqualTo("vm-not-found");
        }
    }

    @Test
    void aVCenterThatGoesAwayDuringADiscardDelaysIt() throws Exception {
        makeBackup();
        try (var server = start()) {
            var id = run(server, "vm").text("id");
            vcenter.failing.put("unregister", "HostNotConnected");

            assertThat(server.send("DELETE", INSTANT_VMS + "/" + id, null).problem())
                    .isEqualTo("vcenter-refused");

            assertThat(server.get(INSTANT_VMS + "/" + id).json().get("discarding").asBoolean()).isTrue();
            assertThat(server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(id)).problem())
                    .isEqualTo("already-discarding");
            vcenter.failing.clear();
            assertThat(server.send("DELETE", INSTANT_VMS + "/" + id, null).text("state"))
                    .isEqualTo("discarded");
            assertThat(vcenter.machines).isEmpty();
        }
    }

    private List<Path> leases() throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().contains(".lease-")).toList();
        }
    }
}
