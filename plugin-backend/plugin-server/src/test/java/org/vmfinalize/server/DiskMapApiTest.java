package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.server.datastore.Datastores;
import tools.jackson.databind.JsonNode;

/// What pages draw of a machine: the map of each disk, and how it went lately.
class DiskMapApiTest {

    private static final int SIZE = 32 << 20;
    private static final int CELL = SIZE / 4;

    @TempDir
    Path folder;

    private MemoryVCenter vcenter;
    private RunningServer server;
    private String vm;

    @BeforeEach
    void runVm() throws Exception {
        var content = new byte[SIZE];
        new Random(9).nextBytes(content);
        var backup = Files.write(folder.resolve("backup.raw"), content);
        vcenter = new MemoryVCenter();
        server = RunningServer.start(folder, vcenter).as("alice", "ecila");
        vm = server.post("/api/v1/instant-vms",
                "{\"name\":\"web\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(backup)).text("id");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private RunningServer.Answer map(String disk, String query) throws Exception {
        return server.get("/api/v1/instant-vms/%s/disks/%s/map%s".formatted(vm, disk, query));
    }

    @Test
    void tellsOfEachPartWhatIsLocalAndWhatTheGuestWrote() throws Exception {
        var disk = server.bean(Datastores.class).require("ds1").instantDisks("web").orElseThrow().disks()
                .getFirst();
        disk.write(ByteBuffer.allocate(CELL / 2), CELL);

        var map = map("0", "?cells=4").json();

        assertThat(map.get("sizeBytes").asLong()).isEqualTo(SIZE);
        assertThat(map.get("cellBytes")).extracting(JsonNode::asInt).containsExactly(CELL, CELL, CELL, CELL);
        assertThat(map.get("localBytes")).extracting(JsonNode::asInt).containsExactly(0, CELL / 2, 0, 0);
        assertThat(map.get("guestBytes")).extracting(JsonNode::asInt).containsExactly(0, CELL / 2, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"0, ?cells=0, bad-request", "0, ?cells=4097, bad-request", "0, ?cells=many, bad-request",
            "1, '', not-found", "-1, '', not-found"})
    void refusesWhatIsNoMap(String disk, String query, String problem) throws Exception {
        assertThat(map(disk, query).problem()).isEqualTo(problem);
    }

    @Test
    void showsNothingOfAMachineThatDoesNotRunFromABackup() throws Exception {
        vm = vcenter.add("regular").value();

        assertThat(map("0", "").problem()).isEqualTo("not-an-instant-vm");
        assertThat(server.get("/api/v1/instant-vms/" + vm + "/samples").problem())
                .isEqualTo("not-an-instant-vm");
        vm = "vm-4711";
        assertThat(map("0", "").problem()).isEqualTo("vm-not-found");
    }

    @Test
    void listsHowFastItWasCopiedInTheLastMinutes() throws Exception {
        var id = server.post("/api/v1/finalizations",
                "{\"vm\":\"%s\",\"bytesPerSecond\":4000000}".formatted(vm)).text("id");

        // The stream has an event each second: it is what is waited on.
        server.await(id, _ -> copiedBytesPerSecond() > 0);

        assertThat(copiedBytesPerSecond()).isPositive();
    }

    private long copiedBytesPerSecond() {
        try {
            var samples = server.get("/api/v1/instant-vms/" + vm + "/samples").json();
            assertThat(samples.get("stepSeconds").asInt()).isEqualTo(2);
            return samples.get("items").valueStream()
                    .mapToLong(sample -> sample.get("bytesPerSecond").asLong()).max().orElse(0);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
