package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.server.backup.BackupCatalog;

/// Whoever must not see a machine in vCenter hears nothing of it here.
class VisibilityTest extends ApiTest {

    private String vm;
    private String finalization;

    @BeforeEach
    void finalizeAVmThatBobMustNotSee() throws Exception {
        vm = runVm(name);
        finalization = finalizeSlowly(vm);
        vcenter.hiddenFrom.put("bob", Set.of(vm));
    }

    private static List<String> vms(String path, String field) throws Exception {
        var answer = server.get(path);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json().get("items").valueStream()
                .map(item -> field.isEmpty() ? item.get("vm").get("name") : item.get(field))
                .map(value -> value.asString()).toList();
    }

    @Test
    void aFinalizationIsThereForThoseWhoSeeItsMachineAlone() throws Exception {
        assertThat(vms("/api/v1/finalizations?limit=500", "")).contains(name);

        server.as("bob", "bob");

        assertThat(vms("/api/v1/finalizations?limit=500", "")).doesNotContain(name);
        for (var path : List.of("", "/pace", "/receipt", "/verification", "/events")) {
            assertThat(server.get(FINALIZATIONS + "/" + finalization + path).problem()).as(path)
                    .isEqualTo("finalization-not-found");
        }
        for (var path : List.of("/pause", "/resume", "/cancel", "/verification")) {
            assertThat(server.post(FINALIZATIONS + "/" + finalization + path, null).problem()).as(path)
                    .isEqualTo("finalization-not-found");
        }
        vcenter.hiddenFrom.clear();
        assertThat(vms("/api/v1/finalizations?limit=500", "")).contains(name);
    }

    @Test
    void aBackupDoesNotTellWhoHoldsIt() throws Exception {
        server.bean(BackupCatalog.class).refresh();
        var ofAlice = server.get("/api/v1/backups").json().at("/items/0/runningVms").toString();
        var ofBob = server.as("bob", "bob").get("/api/v1/backups").json().at("/items/0/runningVms")
                .toString();

        assertThat(ofAlice).contains("\"" + vm + "\"");
        assertThat(ofBob).doesNotContain("\"" + vm + "\"");
    }

    @Test
    void ofMachinesThatAreGoneThoseAreToldWhoReadAllOfVCenterAndThoseWhoDidIt() throws Exception {
        server.post(FINALIZATIONS + "/" + finalization + "/cancel", null);
        server.await(finalization, view -> view.get("state").asString().equals("cancelled"));
        assertThat(server.send("DELETE", INSTANT_VMS + "/" + vm, null).status()).isEqualTo(200);
        var path = "/api/v1/discards?name=" + name;

        assertThat(vms(path, "name")).contains(name);
        server.as("bob", "bob");
        assertThat(vms(path, "name")).contains(name);
        vcenter.missingPrivileges.add("System.Read");
        assertThat(vms(path, "name")).doesNotContain(name);
        assertThat(server.get("/api/v1/finalizations/" + finalization).problem())
                .isEqualTo("finalization-not-found");
        server.as("alice", "ecila");
        assertThat(vms(path, "name")).contains(name);
    }

    @Test
    void vCenterIsAskedAsOftenForManyAsForOne() throws Exception {
        for (int i = 0; i < 8; i++) {
            finalizeSlowly(runVm(newName()));
        }
        server.as("bob", "bob");
        int before = vcenter.listings.get();

        server.get("/api/v1/finalizations");

        assertThat(vcenter.listings.get() - before).isBetween(1, 3);
    }

    @Test
    void whileVCenterIsAwayTheListIsOfWhatWasSeenLast() throws Exception {
        var other = newName();
        finalizeSlowly(runVm(other));
        server.as("bob", "bob");
        var seen = vms("/api/v1/finalizations", "");
        vcenter.away = true;

        // Of machines that are gone nobody knows now whether they are.
        assertThat(vms("/api/v1/finalizations", "")).contains(other).isSubsetOf(seen).doesNotContain(name);
    }
}
