package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.datastore.Datastores;

/// The plan of throwing a machine away says what the action would, all at once, and changes nothing.
class DiscardPlanTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";

    @TempDir
    static Path folder;

    private static Path backup;
    private static MemoryVCenter vcenter;
    private static RunningServer server;
    private static int count;

    private String name;
    private String vm;

    @BeforeAll
    static void start() throws Exception {
        backup = Files.write(folder.resolve("backup.raw"), new byte[2 << 20]);
        vcenter = new MemoryVCenter();
        server = RunningServer.start(folder, vcenter,
                "--vmfinalize.changes-directory=" + folder.resolve("changes"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void runAMachine() throws Exception {
        vcenter.missingPrivileges.clear();
        server.as("alice", "ecila");
        name = "vm" + ++count;
        var answer = server.post(INSTANT_VMS,
                "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(name, backup));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        vm = answer.text("id");
    }

    @Test
    void whatWouldBeLostIsToldAndNothingIsDone() throws Exception {
        server.bean(Datastores.class).require("ds1").instantDisks(name).orElseThrow().disks().getFirst()
                .write(ByteBuffer.wrap(new byte[8192]), 0);

        var plan = server
                .post("%s/%s/discard/plan".formatted(INSTANT_VMS, vm), "{\"keepChanges\":\"kept/1\"}")
                .json();

        assertThat(plan.path("action").asString()).isEqualTo("discard");
        assertThat(plan.path("possible").asBoolean()).as(plan.toString()).isTrue();
        assertThat(plan.path("guestWrittenBytes").asLong()).isEqualTo(8192);
        assertThat(plan.path("keptChanges").asString()).isEqualTo("kept/1");
        assertThat(plan.at("/backup/location").asString()).isEqualTo(backup.toString());
        assertThat(plan.path("privileges").valueStream().map(each -> each.path("granted").asBoolean()))
                .containsExactly(true, true, true);
        assertThat(server.get(INSTANT_VMS + "/" + vm).status()).isEqualTo(200);
    }

    @Test
    void allThatSpeaksAgainstItIsToldAtOnce() throws Exception {
        vcenter.missingPrivileges.add("VirtualMachine.Inventory.Unregister");

        var plan = server
                .post("%s/%s/discard/plan".formatted(INSTANT_VMS, vm), "{\"keepChanges\":\"../out\"}")
                .json();

        assertThat(plan.path("possible").asBoolean()).isFalse();
        assertThat(plan.path("refusals").valueStream().map(each -> each.path("type").asString()))
                .containsExactly("/problems/forbidden", "/problems/changes-not-kept");
        assertThat(plan.path("refusals").valueStream().map(each -> each.path("remedy").asString()))
                .doesNotContain("");
    }

    @Test
    void aMachineThatIsBeingFinalizedIsNotThrownAway() throws Exception {
        var begun = server.post("/api/v1/finalizations",
                "{\"vm\":\"%s\",\"bytesPerSecond\":1000}".formatted(vm));
        assertThat(begun.status()).as(begun.response().body()).isEqualTo(202);

        var plan = server.post("%s/%s/discard/plan".formatted(INSTANT_VMS, vm), null).json();

        assertThat(plan.path("refusals").valueStream().map(each -> each.path("type").asString()))
                .containsExactly("/problems/already-finalizing");
    }

    @Test
    void aMachineThatIsNotThereHasNoPlan() throws Exception {
        assertThat(server.post(INSTANT_VMS + "/vm-0/discard/plan", null).status()).isEqualTo(404);
    }

    @Test
    void tagsAreNoneWhereTheSettingsNameNoVCenterToAsk() throws Exception {
        assertThat(server.get(INSTANT_VMS + "/" + vm + "/tags").json().path("items")).isEmpty();
        assertThat(server.get(INSTANT_VMS + "/tags").json().at("/items/0/tags")).isEmpty();
        assertThat(server.get(INSTANT_VMS + "/vm-0/tags").status()).isEqualTo(404);
    }
}
