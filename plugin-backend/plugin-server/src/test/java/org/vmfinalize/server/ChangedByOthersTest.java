package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// What becomes of a finalization whose machine, or whose place in vCenter, others change meanwhile.
@Timeout(60)
class ChangedByOthersTest {

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    /// Runs a machine, begins to finalize it, has something happen to it, and lets the job go to its end.
    private String finalizedAfter(Consumer<String> change) throws Exception {
        var content = new byte[4 << 20];
        new Random(8).nextBytes(content);
        var backup = Files.write(folder.resolve("backup.raw"), content);
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(backup)).text("id");
            var job = server.post("/api/v1/finalizations",
                    "{\"vm\":\"%s\",\"bytesPerSecond\":1000}".formatted(vm)).text("id");
            change.accept(vm);
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
    void theFilesOfASnapshotStayAsTheyAre() throws Exception {
        var delta = folder.resolve("ds1/vm/disk-0-000001-delta.vmdk");
        finalizedAfter(_ -> {
            try {
                Files.writeString(delta, "what the guest wrote after the snapshot");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(delta).hasContent("what the guest wrote after the snapshot");
    }

    @Test
    void anExtensionThatIsRemovedMeanwhileHoldsNothingUp() throws Exception {
        finalizedAfter(_ -> vcenter.extensions.remove(VmFinalizeKeys.EXTENSION));

        assertThat(vcenter.extensions).isEmpty();
    }
}
