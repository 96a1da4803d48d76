package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// How long a finalization would take, measured by those that were completed.
class PlannedTimeTest extends ApiTest {

    private static final int SIZE = 64 << 20;

    PlannedTimeTest() {
        super(SIZE);
    }

    @BeforeAll
    void finalizeTwo() throws Exception {
        finalizeIn(Duration.ofSeconds(2));
        finalizeIn(Duration.ofSeconds(8));
    }

    /// Finalizes a machine, and writes down that it took so long.
    private static void finalizeIn(Duration time) throws Exception {
        var id = server.post(FINALIZATIONS, "{\"vm\":\"%s\"}".formatted(runVm(newName()))).text("id");
        assertThat(server.events(FINALIZATIONS + "/" + id + "/events").getLast().get("state").asString())
                .isEqualTo("completed");
        assertThat(server.bean(JdbcClient.class)
                .sql("UPDATE finalization SET started_at = DATEADD('SECOND', ?, ended_at) WHERE id = ?")
                .params(-time.toSeconds(), id).update()).isOne();
    }

    private JsonNode time(String vm, String more) throws Exception {
        return server.post(FINALIZATIONS + "/plan", "{\"vm\":\"%s\"%s}".formatted(vm, more)).json()
                .get("time");
    }

    @Test
    void itIsARangeFromTheFastestToTheSlowestAndKeepsToALimit() throws Exception {
        var vm = runVm(name);

        var time = time(vm, "");
        assertThat(time.get("secondsAtLeast").asLong()).isEqualTo(2);
        assertThat(time.get("secondsAtMost").asLong()).isEqualTo(8);
        assertThat(time.get("reason").isNull()).isTrue();

        var limited = time(vm, ",\"bytesPerSecond\":%d".formatted(SIZE / 4));
        assertThat(limited.get("secondsAtLeast").asLong()).isEqualTo(4);
        assertThat(limited.get("secondsAtMost").asLong()).isEqualTo(8);
        assertThat(time(vm, ",\"bytesPerSecond\":%d".formatted(SIZE / 16)).get("secondsAtLeast").asLong())
                .isEqualTo(16);
    }
}
