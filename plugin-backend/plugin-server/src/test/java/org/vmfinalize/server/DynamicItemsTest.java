package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which of our menu items, views and cards the vSphere Client shows for which machines.
class DynamicItemsTest {

    private static final String FINALIZATIONS = "/api/v1/finalizations";

    @TempDir
    static Path folder;

    private static Path backup;
    private static MemoryVCenter vcenter;
    private static RunningServer server;
    private static int count;

    @BeforeAll
    static void start() throws Exception {
        var content = new byte[1 << 20];
        new Random(8).nextBytes(content);
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
        vcenter.away = false;
        server.as("alice", "ecila");
    }

    private static String instantVm() throws Exception {
        var answer = server.post("/api/v1/instant-vms",
                "{\"name\":\"vm%d\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(++count, backup));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.text("id");
    }

    /// So slow that it does not end by itself during a test.
    private static String finalizing(String vm) throws Exception {
        return server.post(FINALIZATIONS, "{\"vm\":\"%s\",\"bytesPerSecond\":1000}".formatted(vm)).text("id");
    }

    private static RunningServer.Answer ask(String kind, List<String> vms) throws Exception {
        var urns = vms.stream().map("\"urn:vmomi:VirtualMachine:%s:guid\""::formatted)
                .collect(Collectors.joining(","));
        return server.post("/dynamic/vm/" + kind,
                "{\"apiVersion\":\"1.0.0\",\"objectIds\":[%s],\"locale\":\"en\"}".formatted(urns));
    }

    /// The items that are in the menu; those that are greyed in brackets.
    private static String menu(String... vms) throws Exception {
        var words = new ArrayList<String>();
        for (var item : ask("actions", List.of(vms)).json().get("dynamicItems")) {
            var name = item.get("id").asString().replace("Action", "");
            if (item.get("visible").asBoolean()) {
                words.add(name);
            } else if (item.get("relevant").asBoolean()) {
                words.add("[" + name + "]");
            }
        }
        return String.join(" ", words);
    }

    @Test
    void aMachineHasTheActionsThatMakeSenseInItsState() throws Exception {
        var vm = instantVm();
        assertThat(menu(vm)).isEqualTo("finalize discard");

        var id = finalizing(vm);
        server.await(id, view -> view.get("state").asString().equals("hydrating"));
        assertThat(menu(vm)).isEqualTo("[finalize] pause cancel [discard]");

        server.post(FINALIZATIONS + "/" + id + "/pause", null);
        assertThat(menu(vm)).isEqualTo("[finalize] resume cancel [discard]");

        server.post(FINALIZATIONS + "/" + id + "/cancel", null);
        server.await(id, view -> view.get("state").asString().equals("cancelled"));
        assertThat(menu(vm)).isEqualTo("finalize discard");
    }

    @Test
    void ofSeveralMachinesAllMustFit() throws Exception {
        var first = instantVm();
        var second = instantVm();
        var regular = vcenter.add("regular").value();
        assertThat(menu(first, second)).isEqualTo("finalize discard");
        assertThat(menu(first, regular)).isEmpty();
        assertThat(menu()).isEmpty();

        finalizing(first);
        assertThat(menu(first, second)).isEqualTo("[finalize] [discard]");

        var paused = finalizing(second);
        server.post(FINALIZATIONS + "/" + paused + "/pause", null);
        assertThat(menu(first, second)).isEqualTo("[finalize] pause resume cancel [discard]");
    }

    @Test
    void theCardIsThereWhileAMachineRunsFromABackup() throws Exception {
        assertThat(ask("summary", List.of(instantVm())).json().get("dynamicItems").get(0).get("visible")
                .asBoolean()).isTrue();
        assertThat(ask("summary", List.of(vcenter.add("regular-2").value())).json().get("dynamicItems").get(0)
                .get("visible").asBoolean()).isFalse();
    }

    @Test
    void answersForFiveHundredMachinesFromMemory() throws Exception {
        var vms = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            var vm = instantVm();
            finalizing(vm);
            vms.addAll(Collections.nCopies(50, vm));
        }
        // Whoever asked vCenter would fail.
        vcenter.away = true;
        var millis = new ArrayList<Long>();
        for (int i = 0; i < 30; i++) {
            long before = System.nanoTime();
            var answer = ask("actions", vms);
            millis.add((System.nanoTime() - before) / 1_000_000);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().get("dynamicItems")).hasSize(5);
        }

        Collections.sort(millis);
        System.out.printf("actions of 500 machines over HTTPS: median %d ms, slowest of 30: %d ms%n",
                millis.get(millis.size() / 2), millis.getLast());
    }
}
