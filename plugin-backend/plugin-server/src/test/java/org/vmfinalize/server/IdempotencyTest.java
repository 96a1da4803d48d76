package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A request that is sent twice with one Idempotency-Key is carried out once.
class IdempotencyTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms";
    private static final String KEY = "Idempotency-Key";

    private static int count;

    private final MemoryVCenter vcenter = new MemoryVCenter();
    private Path folder;
    private Path backup;
    private RunningServer server;
    private String name;

    @BeforeEach
    void start(@TempDir Path ownFolder) throws Exception {
        folder = ownFolder;
        var content = new byte[1 << 20];
        new Random(8).nextBytes(content);
        backup = Files.write(folder.resolve("backup.raw"), content);
        name = "vm" + ++count;
        startServer();
    }

    private void startServer() throws Exception {
        server = RunningServer.start(folder, vcenter);
        server.as("alice", "ecila");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private RunningServer.Answer run(String vmName, String key) throws Exception {
        return server.post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                .formatted(vmName, backup), KEY, key);
    }

    @Test
    void theSecondGetsTheFirstOnesAnswerAlsoAfterARestart() throws Exception {
        var first = run(name, "k1");
        var second = run(name, "k1");
        server.close();
        startServer();
        var third = run(name, "k1");

        assertThat(first.status()).as(first.response().body()).isEqualTo(201);
        for (var again : new RunningServer.Answer[]{second, third}) {
            assertThat(again.status()).isEqualTo(201);
            assertThat(again.response().body()).isEqualTo(first.response().body());
            assertThat(again.response().headers().firstValue("location"))
                    .isEqualTo(first.response().headers().firstValue("location"));
            assertThat(again.response().headers().firstValue("idempotent-replayed")).contains("true");
        }
        assertThat(vcenter.machines).hasSize(1);
    }

    @Test
    void aKeyIsGoodForOneRequestOfOneUser() throws Exception {
        run(name, "k2");

        assertThat(run(name + "-other", "k2").problem()).isEqualTo("idempotency-key-reused");
        server.as("bob", "bob");
        assertThat(run(name + "-other", "k2").status()).isEqualTo(201);
        assertThat(run(name, "two words").problem()).isEqualTo("bad-request");
    }

    @Test
    void aRefusalIsRepeatedAndAFailureIsTriedAgain() throws Exception {
        vcenter.add(name);
        assertThat(run(name, "k3").problem()).isEqualTo("name-taken");
        vcenter.machines.clear();
        assertThat(run(name, "k3").problem()).isEqualTo("name-taken");

        vcenter.failing.put("hosts", "RuntimeFault");
        assertThat(run(name, "k4").problem()).isEqualTo("vcenter-refused");
        vcenter.failing.clear();
        assertThat(run(name, "k4").status()).isEqualTo(201);
    }

    @Test
    void theSecondIsToldThatTheFirstIsStillWorkedOn() throws Exception {
        var entered = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        vcenter.beforeCreate = () -> {
            entered.countDown();
            goOn.await();
        };
        var first = CompletableFuture.supplyAsync(() -> {
            try {
                return run(name, "k5").status();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, Thread::startVirtualThread);
        entered.await();

        var second = run(name, "k5");

        goOn.countDown();
        assertThat(second.problem()).isEqualTo("idempotency-key-in-use");
        assertThat(first.get()).isEqualTo(201);
    }

    @Test
    void whatAStopOfTheServerCutOffIsNotDoneTwice() throws Exception {
        run(name, "k6");
        // What a killed server leaves: the row that it wrote before it began.
        server.bean(JdbcClient.class)
                .sql("UPDATE idempotent_answer SET status = NULL, body = NULL WHERE idempotency_key = 'k6'")
                .update();

        assertThat(run(name, "k6").problem()).isEqualTo("idempotency-key-interrupted");
    }

    @Test
    void answersAreForgottenAfterADay() throws Exception {
        run(name, "k7");
        server.bean(JdbcClient.class)
                .sql("UPDATE idempotent_answer SET started_at = DATEADD('HOUR', -25, started_at) WHERE idempotency_key = 'k7'")
                .update();

        assertThat(run(name + "-other", "k7").status()).isEqualTo(201);
    }

    @Test
    void aTokenIsNeverKept() throws Exception {
        var body = "{\"userName\":\"alice\",\"password\":\"ecila\"}";
        var one = server.post("/api/v1/sessions", body, KEY, "k8").text("token");
        var other = server.post("/api/v1/sessions", body, KEY, "k8").text("token");

        assertThat(one).isNotEqualTo(other);
        assertThat(server.bean(JdbcClient.class)
                .sql("SELECT COUNT(*) FROM idempotent_answer WHERE idempotency_key = 'k8'")
                .query(Integer.class).single()).isZero();
    }
}
