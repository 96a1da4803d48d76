package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.datastore.Datastores;

/// An instant VM whose stored state is damaged: whoever asks is told so, and what to do.
class DamagedDisksTest {

    @TempDir
    Path folder;

    @Test
    void saysWhatIsDamagedInsteadOfThatTheDisksAreComplete() throws Exception {
        var vcenter = new MemoryVCenter();
        Files.write(folder.resolve("backup.raw"), new byte[1 << 20]);
        String vm;
        Path root;
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"web\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                            .formatted(folder.resolve("backup.raw")))
                    .text("id");
            root = server.bean(Datastores.class).require("ds1").directory();
            assertThat(server.get("/api/v1/datastores/ds1").json().get("refused").size()).isZero();
        }
        damageMaps(root);
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var refused = server.get("/api/v1/datastores/ds1").json().get("refused");
            assertThat(refused.size()).isOne();
            assertThat(refused.get(0).get("vmFolder").asString()).isEqualTo("web");
            assertThat(refused.get(0).get("reason").asString()).contains("block map",
                    "discard the instant VM");

            vcenter.hiddenFrom.put("bob", Set.of(vm));
            var hidden = server.as("bob", "bob").get("/api/v1/datastores/ds1").json().at("/refused/0");
            assertThat(hidden.get("vmFolder").isNull()).isTrue();
            assertThat(hidden.get("reason").asString()).doesNotContain("web");
            assertThat(server.get("/api/v1/datastores").response().body()).doesNotContain("\"web\"");
            server.as("alice", "ecila");

            var answer = server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(vm));

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.text("type")).endsWith("invalid-state");
            assertThat(answer.text("detail")).contains("VM web", "damaged",
                    refused.get(0).get("reason").asString());

            var discarded = server.send("DELETE", "/api/v1/instant-vms/%s?keepChanges=rescued".formatted(vm),
                    null);

            assertThat(discarded.status()).isEqualTo(409);
            assertThat(discarded.text("type")).endsWith("invalid-state");
            assertThat(discarded.text("detail")).contains("VM web", "changes cannot be kept",
                    refused.get(0).get("reason").asString());
        }
    }

    @Test
    void aJobWhoseDisksWereDamagedIsNotSaidToBeOver() throws Exception {
        var vcenter = new MemoryVCenter();
        byte[] content = new byte[1 << 20];
        Arrays.fill(content, (byte) 7);
        Files.write(folder.resolve("backup.raw"), content);
        String job;
        Path root;
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"web\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                            .formatted(folder.resolve("backup.raw")))
                    .text("id");
            job = server.post("/api/v1/finalizations", "{\"vm\":\"%s\",\"bytesPerSecond\":1}".formatted(vm))
                    .text("id");
            root = server.bean(Datastores.class).require("ds1").directory();
        }
        damageMaps(root);
        try (var server = RunningServer.start(folder, vcenter).as("alice", "ecila")) {
            var answer = server.post("/api/v1/finalizations/%s/pause".formatted(job), null);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.text("detail")).contains("it does not go on", "block map");
        }
    }

    private static void damageMaps(Path root) throws Exception {
        try (var files = Files.walk(root)) {
            for (var map : files.filter(file -> file.endsWith("map")).toList()) {
                byte[] bytes = Files.readAllBytes(map);
                bytes[bytes.length - 1] ^= 1;
                Files.write(map, bytes);
            }
        }
    }
}
