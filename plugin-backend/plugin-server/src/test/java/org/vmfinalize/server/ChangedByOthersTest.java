package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// What becomes of a finalization whose machine, or whose place in vCenter, others change meanwhile.
@Timeout(60)
class ChangedByOthersTest {

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    private interface Change {
        void to(String vm) throws Exception;
    }

    /// Runs a machine, begins to finalize it, has something happen to it, and lets the job go to its end.
    private String finalizedAfter(Change change) throws Exception {
        var content = new byte[4 << 20];
        new Random(8).nextBytes(content);
        var backup = Files.write(folder.resolve("backup.raw"), content);
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(backup)).text("id");
            var job = server.post("/api/v1/finalizations",
                    "{\"vm\":\"%s\",\"bytesPerSecond\":1000}".formatted(vm)).text("id");
            change.to(vm);
            assertThat(
                    server.send("PATCH", "/api/v1/finalizations/" + job, "{\"bytesPerSecond\":0}").status())
                    .isEqualTo(200);
            server.await(job, view -> view.get("state").asString().equals("completed"));
            assertThat(Files.readAllBytes(server.datastore.resolve("vm/disk-0-flat.vmdk")))
                    .isEqualTo(content);
            assertThat(server.get("/api/v1/instant-vms").json().get("items").isEmpty()).isTrue();
            return vm;
        }
    }

    private void put(String vm, String name, PowerState power) {
        var old = vcenter.machine(vm);
        vcenter.machines.put(vm,
                new VirtualMachine(old.ref(), name, power, old.managedBy(), old.vmPathName()));
    }

    @Test
    void aMachineThatIsTakenOutOfTheInventoryStillGetsItsWholeDisks() throws Exception {
        var vm = finalizedAfter(id -> vcenter.machines.remove(id));

        assertThat(vcenter.machines).isEmpty();
        assertThat(vcenter.onlyTask(vm).state).isEqualTo("success");
    }

    @Test
    void aNameThatSomebodyGaveMeanwhileStays() throws Exception {
        var vm = finalizedAfter(id -> put(id, "theirs", PowerState.POWERED_ON));

        assertThat(vcenter.machine(vm).name()).isEqualTo("theirs");
        assertThat(vcenter.machine(vm).managedBy()).isEqualTo(Optional.empty());
    }

    @Test
    void aMachineThatIsSwitchedOffIsFinalizedAndStaysOff() throws Exception {
        var vm = finalizedAfter(id -> put(id, "vm", PowerState.POWERED_OFF));

        assertThat(vcenter.machine(vm).powerState()).isEqualTo(PowerState.POWERED_OFF);
    }

    @Test
    void aMachineThatIsSuspendedIsFinalizedAndStaysSuspended() throws Exception {
        var vm = finalizedAfter(id -> put(id, "vm", PowerState.SUSPENDED));

        assertThat(vcenter.machine(vm).powerState()).isEqualTo(PowerState.SUSPENDED);
        assertThat(vcenter.machine(vm).managedBy()).isEqualTo(Optional.empty());
    }

    @Test
    void aMachineThatIsMovedToAnotherHostIsFinalizedThere() throws Exception {
        var other = MemoryVCenter.host("host-2", "esx2");
        vcenter.hosts.add(other);
        var vm = finalizedAfter(id -> {
            assertThat(vcenter.mountedOn.get("ds1")).as("wherever DRS may move it, its disks are")
                    .contains(other.ref());
            vcenter.movedTo.put(id, other.ref());
        });

        assertThat(vcenter.machine(vm).managedBy()).isEqualTo(Optional.empty());
        assertThat(vcenter.movedTo).containsEntry(vm, other.ref());
    }

    @Test
    void aMachineThatIsRevertedToASnapshotIsFinalizedAndStaysAsItWasLeft() throws Exception {
        var delta = folder.resolve("ds1/vm/disk-0-000001-delta.vmdk");
        var vm = finalizedAfter(id -> {
            // The hypervisor throws the running child away and begins another one over the same files of ours.
            Files.writeString(delta, "thrown away");
            put(id, "vm", PowerState.POWERED_OFF);
            Files.delete(delta);
            Files.writeString(delta, "begun anew");
        });

        assertThat(delta).hasContent("begun anew");
        assertThat(vcenter.machine(vm).powerState()).isEqualTo(PowerState.POWERED_OFF);
    }

    /// Runs a machine, has something happen to it while it only runs, and looks at what there is.
    private void whileItRuns(Change change, Look look) throws Exception {
        var backup = Files.write(folder.resolve("backup.raw"), new byte[1 << 20]);
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(backup)).text("id");
            change.to(vm);
            look.at(server, vm);
        }
    }

    private interface Look {
        void at(RunningServer server, String vm) throws Exception;
    }

    @Test
    void aMachineThatIsDestroyedWhileItOnlyRunsKeepsItsChangesAndItsBackupUntilSomebodyDiscardsIt()
            throws Exception {
        var flat = folder.resolve("ds1/vm/disk-0-flat.vmdk");
        whileItRuns(id -> {
            var _ = vcenter.machines.remove(id);
        }, (server, vm) -> {
            server.post("/api/v1/doctor/repair", "{}");
            var finding = server.get("/api/v1/doctor").json().get("items").valueStream().findFirst()
                    .orElseThrow();
            assertThat(finding.get("kind").asString()).isEqualTo("missing-vm");
            assertThat(finding.toString()).contains("discard " + vm);
            var disks = server.bean(InstantVms.class).find(vm).flatMap(server.bean(InstantVms.class)::disks);
            assertThat(disks.orElseThrow().backupOpen()).isTrue();
            assertThat(flat).as("nothing is deleted on the strength of that").exists();

            vcenter.missingPrivileges.add(VmFinalizeKeys.PRIVILEGE_RUN);
            assertThat(server.send("DELETE", "/api/v1/instant-vms/" + vm, null).status()).isEqualTo(404);
            vcenter.missingPrivileges.clear();
            assertThat(server.send("DELETE", "/api/v1/instant-vms/" + vm, null).status())
                    .isBetween(200, 204);
            assertThat(flat).doesNotExist();
            assertThat(server.get("/api/v1/doctor").json().get("items").valueStream()
                    .map(one -> one.get("kind").asString())).doesNotContain("missing-vm");
        });
    }

    @Test
    void aMachineThatIsSuspendedOrMovedOrHasASnapshotWhileItOnlyRunsGoesOnRunningFromItsBackup()
            throws Exception {
        whileItRuns(id -> {
            put(id, "vm", PowerState.SUSPENDED);
            vcenter.movedTo.put(id, MemoryVCenter.host("host-2", "esx2").ref());
            Files.writeString(folder.resolve("ds1/vm/disk-0-000001-delta.vmdk"), "snapshot");
        }, (server, vm) -> {
            var view = server.get("/api/v1/instant-vms/" + vm).json();
            assertThat(view.get("powerState").asString()).isEqualTo("suspended");
            var job = server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(vm)).text("id");
            server.await(job, now -> now.get("state").asString().equals("completed"));
            assertThat(folder.resolve("ds1/vm/disk-0-000001-delta.vmdk")).hasContent("snapshot");
        });
    }

    @Test
    void theFilesOfASnapshotStayAsTheyAre() throws Exception {
        var delta = folder.resolve("ds1/vm/disk-0-000001-delta.vmdk");
        finalizedAfter(_ -> {
            var _ = Files.writeString(delta, "what the guest wrote after the snapshot");
        });

        assertThat(delta).hasContent("what the guest wrote after the snapshot");
    }

    @Test
    void anExtensionThatIsRemovedMeanwhileHoldsNothingUp() throws Exception {
        var vm = finalizedAfter(_ -> {
            MoveApiTest.await(() -> !vcenter.tasks.isEmpty());
            vcenter.extensions.remove(VmFinalizeKeys.EXTENSION);
        });

        assertThat(vcenter.extensions).isEmpty();
        assertThat(vcenter.onlyTask(vm).state).as("it was there already").isEqualTo("success");
    }

    @Test
    void withoutTheExtensionThereIsNoNewTaskAndTheMachineIsMadeARegularOneAllTheSame() throws Exception {
        var vm = finalizedAfter(_ -> {
            MoveApiTest.await(() -> !vcenter.tasks.isEmpty());
            vcenter.extensions.remove(VmFinalizeKeys.EXTENSION);
            vcenter.tasks.clear();
        });

        assertThat(vcenter.tasks).isEmpty();
        assertThat(vcenter.machine(vm).managedBy()).isEqualTo(Optional.empty());
    }

    @Test
    void aVCenterThatIsRestartedMeanwhileGetsANewTask() throws Exception {
        var vm = finalizedAfter(_ -> {
            MoveApiTest.await(() -> !vcenter.tasks.isEmpty());
            vcenter.away = true;
            vcenter.tasks.clear();
            vcenter.away = false;
        });

        assertThat(vcenter.onlyTask(vm).state).isEqualTo("success");
        assertThat(vcenter.machine(vm).managedBy()).isEqualTo(Optional.empty());
    }
}
