package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.vmfinalize.server.backup.BackupCatalog;
import tools.jackson.databind.JsonNode;

/// Whatever is asked of an operation, right or wrong, is answered as the description says, and never by a fault of the
/// server.
@Timeout(300)
class RandomRequestsTest extends ApiTest {

    private static final int ROUNDS = 20;
    private static final long SEED = 20261126;

    private String vm = "";
    private String finalization = "";
    private String restorePoint = "";

    @Override
    List<String> settings() {
        return List.of("--vmfinalize.changes-directory=" + folder.resolve("changes"));
    }

    @TestFactory
    Stream<DynamicTest> whateverIsAskedIsAnsweredAsDescribed() throws Exception {
        server.bean(BackupCatalog.class).refresh();
        restorePoint = server.get("/api/v1/backups").json().get("items").get(0).get("id").asString();
        var description = server.described().document();
        return description.get("paths").properties().stream().flatMap(path -> path.getValue().properties()
                .stream().filter(one -> !one.getValue().toString().contains("text/event-stream"))
                .map(one -> DynamicTest.dynamicTest(one.getKey() + " " + path.getKey(),
                        () -> ask(one.getKey(), path.getKey(), one.getValue(),
                                description.get("components").get("schemas")))));
    }

    private void ask(String verb, String path, JsonNode operation, JsonNode schemas) throws Exception {
        server.as("alice", "ecila");
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 10 == 0) {
                vm = runVm(newName());
                finalization = finalizeSlowly(vm);
            }
            var request = new RandomRequests(SEED + 1000L * path.hashCode() + 10L * verb.hashCode() + round,
                    schemas,
                    known()).next(path, operation);
            RunningServer.Answer answer;
            try {
                answer = server.send(verb.toUpperCase(Locale.ROOT), request.path(), request.body(),
                        request.headers().toArray(String[]::new));
            } catch (AssertionError e) {
                throw new AssertionError("%s, asked by %s".formatted(e.getMessage(), request), e);
            }
            assertThat(answer.status()).as("%s: %s", request, answer.response().body()).isLessThan(500);
            if (path.startsWith("/api/v1/sessions")) {
                server.as("alice", "ecila");
            }
        }
    }

    private Map<String, List<String>> known() {
        return Map.ofEntries(Map.entry("vm", List.of(vm, vm, "vm-99999")),
                Map.entry("vmId", List.of(vm, "vm-1")),
                Map.entry("id", List.of(finalization, finalization, restorePoint, "none")),
                Map.entry("name", List.of(newName(), "ds1", name)),
                Map.entry("backup", List.of(backup.toString(), restorePoint, "/etc/passwd")),
                Map.entry("secondCopy", List.of(backup.toString())),
                Map.entry("location", List.of(backup.toString(), "/nowhere")),
                Map.entry("datastore", List.of("ds1", "ds1", "ds9")),
                Map.entry("host", List.of("esx1", "host-1")),
                Map.entry("disk", List.of("0", "1")), Map.entry("cells", List.of("8", "0")),
                Map.entry("provisioning", List.of("thin", "thick", "fat")),
                Map.entry("priority", List.of("low", "high", "none")),
                Map.entry("keepChanges", List.of(newName(), "a/b")),
                Map.entry("state", List.of("completed", "hydrating,paused")),
                Map.entry("sort", List.of("name", "-startedAt", "vmName", "colour")),
                Map.entry("limit", List.of("1", "500", "501")), Map.entry("offset", List.of("0", "3", "-1")),
                Map.entry("finalizing", List.of("true", "false")),
                Map.entry("userName", List.of("alice", "bob")),
                Map.entry("password", List.of("ecila", "bob")),
                Map.entry("If-Match", List.of("*", "\"0\"")),
                Map.entry("If-None-Match", List.of("*", "W/\"x\"")),
                Map.entry("Idempotency-Key", List.of(newName(), "k1")));
    }
}
