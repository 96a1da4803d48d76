package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.RunningServer.ServerEvent;
import org.vmfinalize.server.events.Events;

/// What a caller hears of all that changes, and what he does not miss when his connection is lost.
@Timeout(120)
class EventsApiTest {

    private static final String EVENTS = "/api/v1/events";

    @TempDir
    static Path folder;

    private static Path backup;
    private static MemoryVCenter vcenter;
    private static RunningServer server;
    private static int count;

    private String name;

    @BeforeAll
    static void start() throws Exception {
        var content = new byte[1 << 20];
        new Random(10).nextBytes(content);
        backup = Files.write(folder.resolve("backup.raw"), content);
        vcenter = new MemoryVCenter();
        server = RunningServer.start(folder, vcenter);
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

    private String running() throws Exception {
        return server.post("/api/v1/instant-vms", "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(name, backup)).text("id");
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
            var vm = running();
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
        var vm = running();
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
        var vm = running();
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
