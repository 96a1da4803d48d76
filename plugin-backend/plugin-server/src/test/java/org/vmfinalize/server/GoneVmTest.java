package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;

/// A machine that somebody has taken out of vCenter's inventory while it runs from its backup.
class GoneVmTest extends ApiTest {

    private String vm;
    private String path;

    @Override
    List<String> settings() {
        return List.of("--vmfinalize.changes-directory=" + folder.resolve("changes"));
    }

    @BeforeEach
    void takeAMachineAway() throws Exception {
        vm = runVm(name);
        path = INSTANT_VMS + "/" + vm;
        server.bean(Datastores.class).require("ds1").instantDisks(name).orElseThrow().disks().getFirst()
                .write(ByteBuffer.wrap(new byte[8192]), 0);
        vcenter.machines.remove(vm);
    }

    private RunningServer.Answer discard(String query) throws Exception {
        return server.send("DELETE", path + query, null);
    }

    @Test
    void whatIsKnownOfItIsToldToThoseWhoMayKnowOfIt() throws Exception {
        var known = server.get(path).json();

        assertThat(known.get("name").asString()).isEqualTo(name);
        assertThat(known.get("powerState").isNull()).isTrue();
        assertThat(known.get("guestWrittenBytes").asLong()).isEqualTo(8192);
        assertThat(known.get("warnings").get(0).asString()).contains(name, "out of vCenter's inventory");
        vcenter.missingPrivileges.add("System.Read");
        assertThat(server.get(path).status()).as("who made it").isEqualTo(200);
        assertThat(server.as("bob", "bob").get(path).problem()).isEqualTo("vm-not-found");
        vcenter.missingPrivileges.clear();
        assertThat(server.get(path).status()).as("who may read all").isEqualTo(200);
    }

    @Test
    void itsDiscardIsPlannedForThoseWhoMayRunBackupsAnywhere() throws Exception {
        var plan = server.post(path + "/discard/plan", "{\"keepChanges\":\"kept/1\"}").json();

        assertThat(plan.get("possible").asBoolean()).as(plan.toString()).isTrue();
        assertThat(plan.at("/vm/name").asString()).isEqualTo(name);
        assertThat(plan.get("guestWrittenBytes").asLong()).isEqualTo(8192);
        assertThat(plan.get("keptChanges").asString()).isEqualTo("kept/1");
        assertThat(plan.get("privileges").valueStream().map(each -> each.get("privilege").asString()))
                .containsExactly(VmFinalizeKeys.PRIVILEGE_RUN);
        assertThat(plan.get("warnings").valueStream().map(each -> each.get("type").asString()))
                .containsExactly("/warnings/not-in-inventory");
        assertThat(server.datastore.resolve(name)).isDirectory();
        vcenter.missingPrivileges.add(VmFinalizeKeys.PRIVILEGE_RUN);
        assertThat(server.post(path + "/discard/plan", null).problem()).isEqualTo("vm-not-found");
    }

    @Test
    void aDiscardThatCannotKeepItsChangesIsWithdrawnAndBegunAnew() throws Exception {
        Files.createDirectories(folder.resolve("changes"));
        Files.writeString(folder.resolve("changes").resolve(name), "a file where a folder is needed");
        assertThat(discard("?keepChanges=%s/day-1".formatted(name)).problem()).isEqualTo("changes-not-kept");
        var begun = "/api/v1/discards/"
                + server.get("/api/v1/discards?name=" + name).json().at("/items/0/id").asString();
        vcenter.missingPrivileges.add(VmFinalizeKeys.PRIVILEGE_RUN);
        assertThat(server.send("DELETE", begun, null).problem()).isEqualTo("forbidden");
        vcenter.missingPrivileges.clear();

        assertThat(server.send("DELETE", begun, null).status()).isEqualTo(204);

        assertThat(server.get(path).json().get("discarding").asBoolean()).isFalse();
        assertThat(server.datastore.resolve(name).resolve("disk-0-flat.vmdk")).exists();
        assertThat(discard("?keepChanges=%s-elsewhere".formatted(name)).text("state")).isEqualTo("discarded");
        assertThat(folder.resolve("changes").resolve(name + "-elsewhere.qcow2")).isNotEmptyFile();
        assertThat(server.send("DELETE", begun, null).problem()).as("nothing is left of it")
                .isEqualTo("invalid-state");
    }
}
