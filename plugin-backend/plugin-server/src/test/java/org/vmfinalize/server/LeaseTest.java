package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.lease.Leases;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who hears that a backup is in use, and when.
class LeaseTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();

    @BeforeEach
    void makeBackup() throws Exception {
        byte[] content = new byte[8 << 20];
        new Random(3).nextBytes(content);
        Files.write(folder.resolve("backup.raw"), content);
    }

    private RunningServer start(String... settings) throws Exception {
        return RunningServer.start(folder, vcenter, settings).as("alice", "ecila");
    }

    private String run(RunningServer server) throws Exception {
        return run(server, "web");
    }

    private String run(RunningServer server, String name) throws Exception {
        return server.post("/api/v1/instant-vms",
                "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(name,
                        folder.resolve("backup.raw")))
                .text("id");
    }

    private JsonNode marker() throws Exception {
        try (var files = Files.list(folder)) {
            return JSON.readTree(Files.readString(
                    files.filter(file -> file.toString().contains("backup.raw.lease-")).findFirst()
                            .orElseThrow()));
        }
    }

    private Path hook(String script) throws Exception {
        var file = Files.writeString(folder.resolve("hook"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    @Test
    void theMarkSaysWhoAndSinceWhenAndUntilAboutWhenAlsoAfterARestart() throws Exception {
        String since;
        try (var server = start()) {
            var vm = run(server);
            since = marker().get("since").asString();
            assertThat(marker().get("reason").asString()).contains("web", vm, "alice");
            assertThat(marker().get("until").isNull()).isTrue();
            assertThat(Instant.parse(since)).isBefore(Instant.now());

            var job = server.post("/api/v1/finalizations",
                    "{\"vm\":\"%s\",\"bytesPerSecond\":400000}".formatted(vm)).text("id");
            server.await(job, view -> !view.get("secondsLeft").isNull());
            server.bean(Leases.class).renewAll();

            assertThat(Instant.parse(marker().get("until").asString())).isAfter(Instant.parse(since));
            assertThat(marker().get("since").asString()).isEqualTo(since);
        }
        try (var server = start()) {
            server.bean(Leases.class).renewAll();
            assertThat(marker().get("since").asString()).isEqualTo(since);
        }
    }

    @Test
    void theHookHearsOfEachLeaseAndOnlyWhatItShould() throws Exception {
        var heard = folder.resolve("heard");
        var hook = hook(
                "cat >> %1$s; echo >> %1$s; echo \"$# $HOME $VM_SECRET\" >> %1$s.args".formatted(heard));
        try (var server = start("--vmfinalize.lease-hook=" + hook)) {
            var vm = run(server);
            server.bean(Leases.class).renewAll();
            var job = server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(vm)).text("id");
            var events = server.events("/api/v1/finalizations/" + job + "/events");
            assertThat(events.getLast().get("backupReleased").asBoolean()).isTrue();
            assertThat(events.getLast().get("message").asString()).contains("web", "safe to unplug");
            assertThat(vcenter.onlyTask(vm).texts().getLast()).contains("safe to unplug");
            server.send("DELETE", "/api/v1/instant-vms/" + run(server, "web2"), null);
        }

        var notices = Files.readAllLines(heard).stream().map(JSON::readTree).toList();
        assertThat(notices.stream().map(notice -> notice.get("event").asString()))
                .containsSubsequence("held", "renewed", "released", "held", "released");
        var first = notices.getFirst();
        assertThat(first.get("backup").asString())
                .isEqualTo(folder.resolve("backup.raw").toRealPath().toString());
        assertThat(first.get("vm").get("name").asString()).isEqualTo("web");
        assertThat(first.get("startedBy").asString()).isEqualTo("alice");
        assertThat(first.get("lease")).isEqualTo(notices.get(1).get("lease"));
        assertThat(Files.readAllLines(Path.of(heard + ".args")).stream().map(String::strip).distinct())
                .as("no arguments, no environment").containsExactly("0");
    }

    @Test
    void aHookThatHangsOrFailsHoldsNobodyUp() throws Exception {
        var hook = hook("exec sleep 600");
        try (var server = start("--vmfinalize.lease-hook=" + hook, "--vmfinalize.lease-hook-timeout=100ms")) {
            var vm = run(server);
            assertThat(server.send("DELETE", "/api/v1/instant-vms/" + vm, null).status()).isEqualTo(200);
        }
    }

    @Test
    void aHookThatIsNotThereIsRefusedAtTheStart() {
        for (var wrong : List.of("/no/such/program", "relative", folder.resolve("backup.raw").toString())) {
            assertThatThrownBy(() -> start("--vmfinalize.lease-hook=" + wrong))
                    .hasStackTraceContaining("vmfinalize.lease-hook");
        }
    }

    @Test
    void aCancelledFinalizationSaysThatTheVmGoesOnRunning() throws Exception {
        try (var server = start()) {
            var vm = run(server);
            var job = server.post("/api/v1/finalizations",
                    "{\"vm\":\"%s\",\"bytesPerSecond\":1000}".formatted(vm)).text("id");
            server.post("/api/v1/finalizations/" + job + "/cancel", null);
            var end = server.await(job, view -> view.get("state").asString().equals("cancelled"));

            assertThat(end.get("message").asString()).contains("web", "goes on running", "0.0 MiB");
            assertThat(end.get("backupReleased").asBoolean()).isFalse();
        }
    }
}
