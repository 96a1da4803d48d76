package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// Throwing an instant VM away leaves nothing of it, and the original and the backup as they were.
class DiscardApiTest extends ApiTest {

    private static final int SIZE = 2 << 20;

    DiscardApiTest() {
        super(SIZE);
    }

    @Override
    List<String> settings() {
        return List.of("--vmfinalize.changes-directory=" + folder.resolve("changes"));
    }

    private void guestWrites(int bytes) throws Exception {
        var disk = server.bean(Datastores.class).require("ds1").instantDisks(name).orElseThrow().disks()
                .getFirst();
        disk.write(ByteBuffer.wrap(new byte[bytes]), 0);
    }

    private RunningServer.Answer discard(String vm, String query) throws Exception {
        return server.send("DELETE", INSTANT_VMS + "/" + vm + query, null);
    }

    @Test
    void nothingIsLeftAndItSaysWhatTheGuestWrote() throws Exception {
        var original = vcenter.add(name + "-original");
        var vm = runVm(name);
        guestWrites(3 << 19);
        Files.writeString(server.datastore.resolve(name).resolve(name + ".vmx"), "config");
        Files.writeString(server.datastore.resolve(name).resolve("vmware-1.log"), "log");
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("guestWrittenBytes").asLong())
                .isEqualTo(3 << 19);

        var answer = discard(vm, "");

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.text("state")).isEqualTo("discarded");
        assertThat(answer.json().get("guestWrittenBytes").asLong()).isEqualTo(3 << 19);
        assertThat(answer.text("message")).contains(name, "1.5 MiB", "gone");
        assertThat(vcenter.machines).doesNotContainKey(vm).containsKey(original.value());
        assertThat(vcenter.machine(original.value()).powerState()).isEqualTo(PowerState.POWERED_ON);
        assertThat(server.datastore.resolve(name)).doesNotExist();
        assertThat(Files.readAllBytes(backup)).isEqualTo(content);
        assertThat(discard(vm, "").json()).isEqualTo(answer.json());
    }

    @Test
    void changesAreKeptAsAnOverlayOnTheBackup() throws Exception {
        var vm = runVm(name);
        guestWrites(8192);

        var answer = discard(vm, "?keepChanges=%s/day-1".formatted(name));

        var file = folder.resolve("changes").resolve(name).resolve("day-1.qcow2");
        assertThat(answer.json().get("keptFiles").get(0).asString()).isEqualTo(file.toString());
        assertThat(answer.text("message")).contains("kept in " + file);
        assertThat(Files.readAllBytes(file)).startsWith('Q', 'F', 'I', 0xfb);
        assertThat(Files.size(file)).isLessThan(128 << 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc/x", "a/../b", "a//b", ".hidden", "a%2fb%00c",
            "a/b/c/d/e/f/g/h/i"})
    void aPathThatLeadsOutIsRefusedBeforeAnythingIsDone(String path) throws Exception {
        var vm = runVm(name);

        assertThat(discard(vm, "?keepChanges=" + path).problem()).isEqualTo("changes-not-kept");

        assertThat(vcenter.machine(vm).powerState()).isEqualTo(PowerState.POWERED_ON);
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("discarding").asBoolean()).isFalse();
        assertThat(discard(vm, "").status()).isEqualTo(200);
    }

    @Test
    void aFileThatIsThereIsNotReplaced() throws Exception {
        Files.createDirectories(folder.resolve("changes"));
        var there = Files.writeString(folder.resolve("changes/there.qcow2"), "precious");
        var vm = runVm(name);

        var answer = discard(vm, "?keepChanges=there");

        assertThat(answer.problem()).isEqualTo("changes-not-kept");
        assertThat(answer.text("detail")).contains(there.toString(), "another name");
        assertThat(there).hasContent("precious");
        discard(vm, "");
    }

    @Test
    void aVmThatIsBeingFinalizedIsNotDiscardedUntilThatIsCancelled() throws Exception {
        var vm = runVm(name);
        var job = server.post("/api/v1/finalizations",
                "{\"vm\":\"%s\",\"bytesPerSecond\":1000}".formatted(vm)).text("id");

        var refused = discard(vm, "");
        assertThat(refused.problem()).isEqualTo("already-finalizing");
        assertThat(refused.text("detail")).contains("cancel");

        server.post("/api/v1/finalizations/" + job + "/cancel", null);
        server.await(job, view -> view.get("state").asString().equals("cancelled"));
        assertThat(discard(vm, "").text("state")).isEqualTo("discarded");
    }

    @Test
    void aDiscardThatCannotKeepTheChangesIsWithdrawnAndBegunAnew() throws Exception {
        var vm = runVm(name);
        Files.createDirectories(folder.resolve("changes"));
        Files.writeString(folder.resolve("changes").resolve(name), "a file where a folder is needed");

        var failed = discard(vm, "?keepChanges=%s/day-1".formatted(name));
        assertThat(failed.problem()).isEqualTo("changes-not-kept");
        assertThat(failed.text("detail")).contains("withdraw");
        assertThat(discard(vm, "").problem()).isEqualTo("changes-not-kept");
        var other = discard(vm, "?keepChanges=elsewhere");
        assertThat(other.problem()).isEqualTo("already-discarding");
        var begun = server.get("/api/v1/discards?name=" + name).json().get("items").get(0);
        assertThat(begun.get("state").asString()).isEqualTo("discarding");
        var path = "/api/v1/discards/" + begun.get("id").asString();
        assertThat(other.text("detail")).contains(path);

        assertThat(server.send("DELETE", path, null).status()).isEqualTo(204);

        assertThat(server.get(path).problem()).isEqualTo("not-found");
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("discarding").asBoolean()).isFalse();
        assertThat(server.datastore.resolve(name)).isDirectory();
        assertThat(discard(vm, "?keepChanges=" + name + "-elsewhere").text("state")).isEqualTo("discarded");
        assertThat(server.get(path).text("state")).isEqualTo("discarded");
        assertThat(server.send("DELETE", path, null).problem()).isEqualTo("invalid-state");
    }

    @Test
    void whoMustNotRunMachinesDoesNotWithdrawADiscardEither() throws Exception {
        var vm = runVm(name);
        Files.createDirectories(folder.resolve("changes"));
        Files.writeString(folder.resolve("changes").resolve(name), "a file where a folder is needed");
        discard(vm, "?keepChanges=%s/day-1".formatted(name));
        var id = server.get("/api/v1/discards?name=" + name).json().get("items").get(0).get("id").asString();
        vcenter.missingPrivileges.add("vmfinalize.RunFromBackup");

        assertThat(server.send("DELETE", "/api/v1/discards/" + id, null).problem()).isEqualTo("forbidden");

        vcenter.missingPrivileges.clear();
        assertThat(server.send("DELETE", "/api/v1/discards/" + id, null).status()).isEqualTo(204);
    }

    @Test
    void otherMachinesAreNotDiscarded() throws Exception {
        var regular = vcenter.add(name + "-regular").value();
        assertThat(discard(regular, "").problem()).isEqualTo("not-an-instant-vm");

        var vm = runVm(name);
        vcenter.missingPrivileges.add("VirtualMachine.Inventory.Unregister");
        assertThat(discard(vm, "").text("detail")).contains("VirtualMachine.Inventory.Unregister");
        vcenter.missingPrivileges.clear();

        // Somebody made it a regular machine behind our back: it is left alone.
        vcenter.machines.computeIfPresent(vm, (_, old) -> new VirtualMachine(old.ref(), old.name(),
                old.powerState(), Optional.empty(), old.vmPathName()));
        var answer = discard(vm, "");
        assertThat(answer.problem()).isEqualTo("invalid-state");
        assertThat(answer.text("detail")).contains("left alone");
        assertThat(vcenter.machine(vm).powerState()).isEqualTo(PowerState.POWERED_ON);
        assertThat(server.datastore.resolve(name)).isDirectory();
        assertThat(vcenter.machines).containsKeys(regular, vm);
    }
}
