package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.backup.BackupCatalog;
import tools.jackson.databind.JsonNode;

/// Lists come in parts, filtered and sorted; what has not changed is not sent again, and not overwritten unseen.
class ListsApiTest extends ApiTest {

    private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");

    private static final List<String> JOBS = new ArrayList<>();

    ListsApiTest() {
        super(0);
    }

    @Override
    List<String> settings() {
        return List.of("--vmfinalize.datastores[1].name=ds2",
                "--vmfinalize.datastores[1].directory=" + folder.resolve("ds2"),
                "--vmfinalize.places[0].name=away",
                "--vmfinalize.places[0].uri=http://127.0.0.1:9/backups/",
                "--vmfinalize.places[0].retry-for=100ms");
    }

    @Override
    void prepare() throws Exception {
        var random = new byte[1 << 20];
        new Random(9).nextBytes(random);
        for (var each : List.of("a", "b", "c")) {
            Files.write(folder.resolve(each + ".raw"), random);
        }
    }

    @BeforeAll
    void makeThings() throws Exception {
        server.bean(BackupCatalog.class).refresh();
        for (int i = 1; i <= 5; i++) {
            var vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"vm-%d\",\"backup\":\"%s/a.raw\",\"datastore\":\"ds%d\",\"powerOn\":%s}"
                            .formatted(i, folder, 1 + i % 2, i != 3));
            assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
            if (i <= 3) {
                JOBS.add(finalizeSlowly(vm.text("id")));
            }
        }
        server.post("/api/v1/finalizations/" + JOBS.getFirst() + "/cancel", null);
        server.await(JOBS.getFirst(), view -> view.get("state").asString().equals("cancelled"));
        server.post("/api/v1/finalizations/" + JOBS.get(1) + "/pause", null);
    }

    private static List<String> each(JsonNode answer, String field) {
        return StreamSupport.stream(answer.get("items").spliterator(), false)
                .map(item -> field.isEmpty() ? item.get("vm").get("name") : item.get(field))
                .map(JsonNode::asString).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/instant-vms?sort=-name", "/api/v1/finalizations?sort=startedAt",
            "/api/v1/backups?sort=vmName", "/api/v1/datastores?sort=name",
            "/api/v1/places?sort=-name", "/api/v1/providers?sort=name"})
    void theLinksLeadThroughTheWholeListOnce(String path) throws Exception {
        var whole = server.get(path).json();
        var met = new ArrayList<JsonNode>();
        String next = path + "&limit=2";
        while (next != null) {
            var answer = server.get(next);
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
            assertThat(answer.json().get("total").asInt()).isEqualTo(whole.get("total").asInt());
            answer.json().get("items").forEach(item -> met.add(key(item)));
            var link = NEXT.matcher(answer.response().headers().firstValue("link").orElse(""));
            next = link.matches() ? link.group(1) : null;
            assertThat(answer.json().get("next").isNull()).isEqualTo(next == null);
        }
        var all = new ArrayList<JsonNode>();
        whole.get("items").forEach(item -> all.add(key(item)));
        assertThat(met).isEqualTo(all).hasSize(whole.get("total").asInt());
    }

    private static JsonNode key(JsonNode item) {
        return item.has("id") ? item.get("id") : item.get("name");
    }

    @ParameterizedTest
    @CsvSource({"instant-vms?sort=-name, name, vm-5 vm-4 vm-3 vm-2 vm-1",
            "instant-vms?datastore=ds2, name, vm-1 vm-3 vm-5", "instant-vms?name=VM-4, name, vm-4",
            "instant-vms?powerState=poweredOff, name, vm-3", "instant-vms?finalizing=true, name, vm-2 vm-3",
            "finalizations?vm=vm-, '', vm-3 vm-2 vm-1", "finalizations?sort=vm&vm=vm-, '', vm-1 vm-2 vm-3",
            "finalizations?state=cancelled, '', vm-1",
            "'finalizations?state=cancelled,hydrating', '', vm-3 vm-1",
            "finalizations?vm=vm-2, '', vm-2", "finalizations?datastore=ds1, '', vm-2",
            "finalizations?initiator=nobody, '', ''", "datastores, name, ds1 ds2",
            "datastores?sort=-name, name, ds2 ds1", "datastores?name=2, name, ds2",
            "places?reachable=false, name, away",
            "places?name=AWA, name, away", "providers?state=failed, name, ''",
            "providers?format=nothing, name, ''",
            "backups?vm=B, vmName, b", "backups?format=qcow2, vmName, ''",
            "backups?sort=-vmName&limit=2, vmName, c b"})
    void listsAreFilteredAndSorted(String query, String field, String names) throws Exception {
        var answer = server.get("/api/v1/" + query);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(String.join(" ", each(answer.json(), field))).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource({"finalizations?limit=0, 1 to 500", "instant-vms?limit=501, 1 to 500",
            "finalizations?limit=x, limit", "datastores?sort=colour, freeBytes",
            "finalizations?cursor=invented, begin without"})
    void partsThatThereCannotBeAreRefused(String query, String named) throws Exception {
        var answer = server.get("/api/v1/" + query);

        assertThat(answer.problem()).isEqualTo("bad-request");
        assertThat(answer.text("detail")).contains(named);
    }

    @Test
    void aCursorOfAnotherOrderIsRefused() throws Exception {
        var next = server.get("/api/v1/instant-vms?limit=1&sort=name").text("next");

        assertThat(server.get("/api/v1/instant-vms?limit=1&sort=-name&cursor=" + next).problem())
                .isEqualTo("bad-request");
    }

    @Test
    void whatIsKnownAlreadyIsNotSentAgain() throws Exception {
        var path = "/api/v1/finalizations/" + JOBS.getFirst();
        var first = server.get(path);
        var tag = first.response().headers().firstValue("etag").orElseThrow();

        var second = server.get(path, "If-None-Match", tag);

        assertThat(second.status()).isEqualTo(304);
        assertThat(second.response().body()).isEmpty();
        assertThat(server.get(path, "If-None-Match", "\"other\"").json()).isEqualTo(first.json());
        assertThat(server.get("/api/v1/nothing").response().headers().firstValue("etag")).isEmpty();
    }

    @Test
    void aPaceIsChangedOnlyAsItWasSeen() throws Exception {
        var job = "/api/v1/finalizations/" + JOBS.get(1);
        var seen = server.get(job + "/pace");
        var tag = seen.response().headers().firstValue("etag").orElseThrow();
        assertThat(seen.json().get("bytesPerSecond").asLong()).isEqualTo(1000);

        var changed = server.send("PATCH", job, "{\"bytesPerSecond\":2000}", "If-Match", tag);
        var late = server.send("PUT", job + "/pace", "{\"bytesPerSecond\":3000}", "If-Match", tag);

        assertThat(changed.status()).as(changed.response().body()).isEqualTo(200);
        assertThat(late.problem()).isEqualTo("precondition-failed");
        assertThat(late.status()).isEqualTo(412);
        assertThat(server.get(job + "/pace").json().get("bytesPerSecond").asLong()).isEqualTo(2000);
        var now = late.text("etag");
        var replaced = server.send("PUT", job + "/pace", "{\"priority\":\"low\"}", "If-Match", now);
        assertThat(replaced.text("priority")).isEqualTo("low");
        assertThat(replaced.json().get("bytesPerSecond").asLong()).isZero();
        server.send("PATCH", job, "{\"bytesPerSecond\":1000}", "If-Match", "*");
        assertThat(server.get(job + "/pace").json().get("bytesPerSecond").asLong()).isEqualTo(1000);
    }

    @Test
    void placesSayWhetherTheyCanBeReached() throws Exception {
        var places = server.get("/api/v1/places").json();

        assertThat(places.get("checkedAt").isNull()).isFalse();
        assertThat(places.get("items")).anySatisfy(place -> {
            assertThat(place.get("location").asString()).isEqualTo(folder.toString());
            assertThat(place.get("reachable").asBoolean()).isTrue();
            assertThat(place.get("restorePoints").asInt()).isEqualTo(3);
        }).anySatisfy(place -> {
            assertThat(place.get("name").asString()).isEqualTo("away");
            assertThat(place.get("reachable").asBoolean()).isFalse();
            assertThat(place.get("reason").asString()).contains("connection failed");
        });
    }

    @Test
    void receiptsAndDiscardsAreListed() throws Exception {
        var vm = server.post("/api/v1/instant-vms",
                "{\"name\":\"gone\",\"backup\":\"%s/a.raw\",\"datastore\":\"ds1\"}".formatted(folder))
                .text("id");
        server.send("DELETE", "/api/v1/instant-vms/" + vm, null);
        var kept = server.post("/api/v1/instant-vms",
                "{\"name\":\"kept\",\"backup\":\"%s/a.raw\",\"datastore\":\"ds2\"}".formatted(folder))
                .text("id");
        var job = server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(kept)).text("id");
        server.await(job, view -> view.get("state").asString().equals("completed"));

        var receipts = server.get("/api/v1/receipts?vm=kept").json().get("items");
        var discards = server.get("/api/v1/discards?name=GONE").json();

        assertThat(receipts).hasSize(1);
        assertThat(server.get(receipts.get(0).get("href").asString()).status()).isEqualTo(200);
        assertThat(discards.get("total").asInt()).isEqualTo(1);
        assertThat(discards.get("items").get(0).get("state").asString()).isEqualTo("discarded");
    }
}
