package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VirtualMachine;

/// Throwing an instant VM away leaves nothing of it, and the original and the backup as they were.
class DiscardApiTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";
    private static final int SIZE = 2 << 20;

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
        content = new byte[SIZE];
        new Random(4).nextBytes(content);
        backup = Files.write(folder.resolve("backup.raw"), content);
        vcenter = new MemoryVCenter();
        server = RunningServer.start(folder, vcenter,
                "--vmfinalize.changes-directory=" + folder.resolve("changes"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void logIn() throws Exception {
        name = "vm" + ++count;
        server.as("alice", "ecila");
    }

    @AfterEach
    void mend() {
        vcenter.missingPrivileges.clear();
    }

    private String running() throws Exception {
        var answer = server.post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(name, backup));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.text("id");
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
        var vm = running();
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
        var vm = running();
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
        var vm = running();

        assertThat(discard(vm, "?keepChanges=" + path).problem()).isEqualTo("changes-not-kept");

        assertThat(vcenter.machine(vm).powerState()).isEqualTo(PowerState.POWERED_ON);
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("discarding").asBoolean()).isFalse();
        assertThat(discard(vm, "").status()).isEqualTo(200);
    }

    @Test
    void aFileThatIsThereIsNotReplaced() throws Exception {
        Files.createDirectories(folder.resolve("changes"));
        var there = Files.writeString(folder.resolve("changes/there.qcow2"), "precious");
        var vm = running();

        var answer = discard(vm, "?keepChanges=there");

        assertThat(answer.problem()).isEqualTo("changes-not-kept");
        assertThat(answer.text("detail")).contains(there.toString(), "another name");
        assertThat(there).hasContent("precious");
        discard(vm, "");
    }

    @Test
    void aVmThatIsBeingFinalizedIsNotDiscardedUntilThatIsCancelled() throws Exception {
        var vm = running();
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
    void otherMachinesAreNotDiscarded() throws Exception {
        var regular = vcenter.add(name + "-regular").value();
        assertThat(discard(regular, "").problem()).isEqualTo("not-an-instant-vm");

        var vm = running();
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
