package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Which of our menu items, views and cards the vSphere Client shows for which machines.
class DynamicItemsTest extends ApiTest {

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
        var vm = runVm(newName());
        assertThat(menu(vm)).isEqualTo("finalize discard");

        var id = finalizeSlowly(vm);
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
        var first = runVm(newName());
        var second = runVm(newName());
        var regular = vcenter.add("regular").value();
        assertThat(menu(first, second)).isEqualTo("finalize discard");
        assertThat(menu(first, regular)).isEmpty();
        assertThat(menu()).isEmpty();

        finalizeSlowly(first);
        assertThat(menu(first, second)).isEqualTo("[finalize] [discard]");

        var paused = finalizeSlowly(second);
        server.post(FINALIZATIONS + "/" + paused + "/pause", null);
        assertThat(menu(first, second)).isEqualTo("[finalize] pause resume cancel [discard]");
    }

    @Test
    void theCardIsThereWhileAMachineRunsFromABackup() throws Exception {
        assertThat(ask("summary", List.of(runVm(newName()))).json().get("dynamicItems").get(0).get("visible")
                .asBoolean()).isTrue();
        assertThat(ask("summary", List.of(vcenter.add("regular-2").value())).json().get("dynamicItems").get(0)
                .get("visible").asBoolean()).isFalse();
    }

    @Test
    void answersForFiveHundredMachinesFromMemory() throws Exception {
        var vms = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            var vm = runVm(newName());
            finalizeSlowly(vm);
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
