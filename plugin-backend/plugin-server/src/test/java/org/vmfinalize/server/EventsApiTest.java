package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmfinalize.server.RunningServer.ServerEvent;
import org.vmfinalize.server.events.Events;

/// What a caller hears of all that changes, and what he does not miss when his connection is lost.
@Timeout(120)
class EventsApiTest extends ApiTest {

    private static final String EVENTS = "/api/v1/events";

    @Override
    List<String> settings() {
        // How long the server waits for a client that does not read.
        return List.of("--server.tomcat.connection-timeout=2s", "--server.tomcat.keep-alive-timeout=60s");
    }

    /// The events up to the first that is meant, that one included.
    private static List<ServerEvent> until(Iterator<ServerEvent> events, Predicate<ServerEvent> wanted) {
        var heard = new ArrayList<ServerEvent>();
        while (events.hasNext()) {
            heard.add(events.next());
            if (wanted.test(heard.getLast())) {
                return heard;
            }
        }
        throw new AssertionError("the stream ended before it was told; heard " + heard);
    }

    private static boolean isEnd(ServerEvent event) {
        return event.type().equals("finalization")
                && event.data().get("state").asString().equals("completed");
    }

    @Test
    void aMachinesLifeIsHeardFromItsStartToItsEnd() throws Exception {
        try (Stream<ServerEvent> stream = server.listen(EVENTS)) {
            var events = stream.iterator();
            assertThat(events.next().type()).isEqualTo("ready");
            var vm = runVm(name);
            server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(vm));

            var heard = until(events, EventsApiTest::isEnd);

            assertThat(heard).extracting(ServerEvent::type).contains("instant-vm-started",
                    "instant-vm-ended", "finalization");
            assertThat(heard.getFirst().data().get("name").asString()).isEqualTo(name);
            assertThat(heard).extracting(ServerEvent::id).doesNotHaveDuplicates().doesNotContain("");
        }
    }

    @Test
    void whoComesBackHearsWhatHeMissed() throws Exception {
        String last;
        try (var stream = server.listen(EVENTS)) {
            last = stream.iterator().next().id();
        }
        var vm = runVm(name);
        server.send("DELETE", "/api/v1/instant-vms/" + vm, null);
        server.bean(Events.class).tell("marker", List.of(name));

        try (var stream = server.listen(EVENTS, "Last-Event-ID", last)) {
            assertThat(until(stream.iterator(), event -> event.type().equals("marker")))
                    .extracting(ServerEvent::type).contains("instant-vm-ended")
                    .doesNotContain("reset", "ready");
        }
    }

    @Test
    void whoWasAwayForTooLongIsToldToReadAgain() throws Exception {
        String last;
        try (var stream = server.listen(EVENTS)) {
            last = stream.iterator().next().id();
        }
        for (int i = 0; i < 5000; i++) {
            server.bean(Events.class).tell("marker", List.of(i));
        }

        for (var known : List.of(last, "another-run-7", "invented")) {
            try (var stream = server.listen(EVENTS, "Last-Event-ID", known)) {
                assertThat(stream.iterator().next().type()).as(known).isEqualTo("reset");
            }
        }
    }

    @Test
    void afterARestartOfTheServerTheListsAreToBeReadAgain() throws Exception {
        String last;
        try (var stream = server.listen(EVENTS)) {
            last = stream.iterator().next().id();
        }
        restartServer();

        try (var stream = server.listen(EVENTS, "Last-Event-ID", last)) {
            var events = stream.iterator();
            assertThat(events.next().type()).isEqualTo("reset");
            server.bean(Events.class).tell("marker", List.of());
            assertThat(until(events, event -> event.type().equals("marker"))).hasSize(1);
        }
    }

    @Test
    void aDatastoreWithOneMoreLiveDiskIsToldOf() throws Exception {
        try (var stream = server.listen(EVENTS)) {
            var events = stream.iterator();
            events.next();
            runVm(name);
            int disks = server.get("/api/v1/datastores/ds1").json().get("liveDisks").asInt();

            var heard = until(events, event -> event.type().equals("datastore")
                    && event.data().get("liveDisks").asInt() == disks);

            assertThat(heard.getLast().data().get("name").asString()).isEqualTo("ds1");
            assertThat(heard.getLast().data().get("capacityBytes").asLong()).isPositive();
        }
    }

    @Test
    void whoDoesNotReadIsDroppedAndNobodyElseNoticesHim() throws Exception {
        try (var stream = server.listen(EVENTS)) {
            var events = stream.iterator();
            var before = events.next().id();
            // More than the network holds for him, and less than is kept for those who come back.
            for (int i = 0; i < 7; i++) {
                server.bean(Events.class).tell("large", List.of("x".repeat(1 << 20)));
            }
            server.bean(Events.class).tell("marker", List.of());
            assertThat(until(events, event -> event.type().equals("marker"))).hasSizeBetween(1, 9);
            // Streams of other tests end a while after their readers.
            awaitListeners(1);

            try (var deaf = server.askAndReadNothing(EVENTS, "Last-Event-ID: " + before)) {
                awaitListeners(2);
                awaitListeners(1);

                server.bean(Events.class).tell("late", List.of());
                assertThat(until(events, event -> event.type().equals("late"))).hasSizeBetween(1, 5);
                assertThat(rest(deaf.getInputStream())).doesNotContain("event:late");
            }
        }
    }

    private static void awaitListeners(int count) throws InterruptedException {
        while (server.bean(Events.class).listeners() != count) {
            Thread.sleep(50);
        }
    }

    private static String rest(InputStream in) {
        var read = new ByteArrayOutputStream();
        try {
            in.transferTo(read);
        } catch (IOException e) {
            // He was cut off in the middle.
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    @Test
    void machinesThatACallerMayNotSeeAreNotToldOf() throws Exception {
        try (var stream = server.listen(EVENTS)) {
            var events = stream.iterator();
            events.next();
            server.bean(Events.class).tellOf("vm-hidden", "finalization", List.of());
            server.bean(Events.class).tell("marker", List.of());

            assertThat(until(events, event -> event.type().equals("marker")))
                    .extracting(ServerEvent::type).doesNotContain("finalization");
        }
    }

    @Test
    void theEndOfAFinalizationIsNotToldTwice() throws Exception {
        var vm = runVm(name);
        var path = "/api/v1/finalizations/"
                + server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(vm)).text("id")
                + "/events";
        List<ServerEvent> heard;
        try (var stream = server.listen(path)) {
            heard = stream.toList();
        }
        assertThat(heard.getLast().data().get("state").asString()).isEqualTo("completed");
        assertThat(heard).extracting(ServerEvent::type).containsOnlyOnce("backup-released");

        try (var stream = server.listen(path, "Last-Event-ID", heard.getLast().id())) {
            assertThat(stream.toList()).isEmpty();
        }
        try (var stream = server.listen(path, "Last-Event-ID", heard.getFirst().id())) {
            assertThat(stream.toList()).extracting(ServerEvent::type).endsWith("progress");
        }
    }
}
