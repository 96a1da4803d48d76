package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmfinalize.server.vcenter.VmFinalizeKeys.EVENT_BACKUP_REACHABLE;
import static org.vmfinalize.server.vcenter.VmFinalizeKeys.EVENT_BACKUP_UNREACHABLE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.ExtensionEvent;

/// What vCenter is told when the backup of a machine that only runs, and whose guest reads nothing, goes away.
@Timeout(120)
class BackupWatchTest {

    private static final String INSTANT_VMS = "/api/v1/instant-vms/";

    @TempDir
    private Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();
    private Path backup;
    private Path kept;

    @BeforeEach
    void makeBackup() throws Exception {
        var content = new byte[4 << 20];
        new Random(4).nextBytes(content);
        backup = Files.write(folder.resolve("backup.raw"), content);
        kept = Files.copy(backup, folder.resolve("kept"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void anEventSaysThatTheBackupIsAwayAndAnotherOneThatItIsBack() throws Exception {
        try (var server = start()) {
            String vm = run(server);

            takeAway();
            vcenter.awaitEvent(vm, EVENT_BACKUP_UNREACHABLE);
            assertThat(vcenter.events.get(vm)).last().extracting(ExtensionEvent::severity)
                    .isEqualTo(ExtensionEvent.Severity.ERROR);
            assertThat(server.get(INSTANT_VMS + vm).json().get("backup").get("trouble").asString())
                    .contains(backup.toString(), "bring it back");

            bringBack();
            vcenter.awaitEvent(vm, EVENT_BACKUP_REACHABLE);
            assertThat(server.get(INSTANT_VMS + vm).json().get("backup").get("trouble").isNull()).isTrue();
            assertThat(types(vm)).containsOnlyOnce(EVENT_BACKUP_UNREACHABLE, EVENT_BACKUP_REACHABLE);
        }
    }

    @Test
    void whatWasSaidBeforeARestartIsTakenBackAfterIt() throws Exception {
        String vm;
        try (var server = start()) {
            vm = run(server);
            takeAway();
            vcenter.awaitEvent(vm, EVENT_BACKUP_UNREACHABLE);
        }
        bringBack();

        try (var _ = start()) {
            vcenter.awaitEvent(vm, EVENT_BACKUP_REACHABLE);
        }
        assertThat(types(vm)).containsOnlyOnce(EVENT_BACKUP_UNREACHABLE);
    }

    @Test
    void aMachineThatIsDiscardedIsForgottenAndAnotherOneIsToldOfAnew() throws Exception {
        try (var server = start()) {
            String first = run(server);
            takeAway();
            vcenter.awaitEvent(first, EVENT_BACKUP_UNREACHABLE);
            assertThat(server.send("DELETE", INSTANT_VMS + first, null).status()).isBetween(200, 204);
            bringBack();

            String second = run(server);
            takeAway();
            vcenter.awaitEvent(second, EVENT_BACKUP_UNREACHABLE);

            assertThat(types(first)).as("it has no backup that could be back")
                    .doesNotContain(EVENT_BACKUP_REACHABLE);
        }
    }

    @Test
    void theAlarmIsDefinedWithTheRegistrationAndTakenAwayWithIt() throws Exception {
        try (var server = start()) {
            assertThat(vcenter.alarms.values()).containsExactly(VmFinalizeKeys.ALARM_BACKUP);
            assertThat(VmFinalizeKeys.EVENTS).contains(VmFinalizeKeys.ALARM_BACKUP.raisedBy(),
                    VmFinalizeKeys.ALARM_BACKUP.clearedBy());

            vcenter.alarms.put(VmFinalizeKeys.ALARM_BACKUP.name(),
                    new EventAlarm(VmFinalizeKeys.ALARM_BACKUP.name(), "changed", "a", "b"));
            assertThat(server.get("/api/v1/registration").json().get("differences").valueStream()
                    .map(difference -> difference.get("what").asString())).containsExactly("alarm");
            server.send("PUT", "/api/v1/registration", "{}");
            assertThat(vcenter.alarms.values()).containsExactly(VmFinalizeKeys.ALARM_BACKUP);

            assertThat(server.send("DELETE", "/api/v1/registration", null).status()).isEqualTo(200);
            assertThat(vcenter.alarms).isEmpty();
        }
    }

    @Test
    void aVCenterThatRefusesTheAlarmIsRegisteredWithAllTheSame() throws Exception {
        vcenter.failing.put("defineAlarm", "NoPermission");

        try (var server = start()) {
            var seen = server.get("/api/v1/registration").json();

            assertThat(seen.get("registered").asBoolean()).isTrue();
            assertThat(seen.get("differences").valueStream().map(one -> one.get("what").asString()))
                    .containsExactly("alarm");
        }
    }

    private RunningServer start() throws Exception {
        return RunningServer.start(folder, vcenter, "--vmfinalize.backup-watch=100ms",
                "--vmfinalize.backup-unreachable-after=0s").as("alice", "ecila");
    }

    private String run(RunningServer server) throws Exception {
        var vm = server.post(INSTANT_VMS.substring(0, INSTANT_VMS.length() - 1),
                "{\"name\":\"idle\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(backup));
        assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
        return vm.text("id");
    }

    private List<String> types(String vm) {
        return vcenter.events.getOrDefault(vm, List.of()).stream().map(ExtensionEvent::typeId).toList();
    }

    /// Cut, not deleted: what is open would still be readable.
    private void takeAway() throws Exception {
        Files.write(backup, new byte[0]);
    }

    private void bringBack() throws Exception {
        Files.write(backup, Files.readAllBytes(kept));
        Files.setLastModifiedTime(backup, Files.getLastModifiedTime(kept));
    }
}
