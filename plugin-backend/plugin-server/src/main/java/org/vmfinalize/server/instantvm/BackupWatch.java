package org.vmfinalize.server.instantvm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.disk.BackupTrouble;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmNotes;
import org.vmfinalize.vcenter.ExtensionEvent.Severity;
import org.vmfinalize.vcenter.VCenterException;

/// Asks the backups of all machines that run from one whether they answer, and posts an event when one does not, or does
/// again. The events set off the alarm [VmFinalizeKeys#ALARM_BACKUP] and take it back.
///
/// **Threads:** the scheduler's, and one for each machine: a backup may take minutes to say that it does not answer.
@Component
class BackupWatch {

    private static final Logger LOG = LoggerFactory.getLogger(BackupWatch.class);

    private final InstantVms instantVms;
    private final InstantVmStore store;
    private final VmNotes notes;
    private final Duration patience;
    private final Set<String> beingAsked = ConcurrentHashMap.newKeySet();
    private final Set<String> unreachable = ConcurrentHashMap.newKeySet();

    /// @param patience a backup that does not answer for a shorter time is not worth an event
    BackupWatch(InstantVms instantVms, InstantVmStore store, VmNotes notes,
            @Value("${vmfinalize.backup-unreachable-after:30s}") Duration patience) {
        this.instantVms = instantVms;
        this.store = store;
        this.notes = notes;
        this.patience = patience;
        unreachable.addAll(store.withUnreachableBackup());
    }

    @Scheduled(fixedDelayString = "${vmfinalize.backup-watch:10s}")
    void askAll() {
        for (var vm : instantVms.all()) {
            if (beingAsked.add(vm.id())) {
                Thread.ofVirtual().name("backup-watch-" + vm.name()).start(() -> {
                    try {
                        instantVms.disks(vm).ifPresent(disks -> ask(vm, disks.disks()));
                    } finally {
                        beingAsked.remove(vm.id());
                    }
                });
            }
        }
    }

    /// Its disks are complete, or thrown away with the machine: whatever becomes of the backup does not matter any more.
    @EventListener
    void released(BackupReleased event) {
        if (event.kept()) {
            attempt(event.vm(), () -> takeBack(event.vm()));
        } else {
            unreachable.remove(event.vm().id());
        }
    }

    private void ask(InstantVm vm, List<LiveDisk> disks) {
        disks.forEach(LiveDisk::backupAnswers);
        attempt(vm, () -> {
            var trouble = trouble(disks);
            if (trouble.isEmpty()) {
                takeBack(vm);
            } else if (trouble.get().since().compareTo(patience) >= 0 && !unreachable.contains(vm.id())) {
                store.setBackupUnreachable(vm.id(), true);
                var reason = trouble.get().text();
                notes.event(vm.ref(), VmFinalizeKeys.EVENT_BACKUP_UNREACHABLE, Severity.ERROR,
                        "The backup cannot be read: " + reason, reason);
                unreachable.add(vm.id());
            }
        });
    }

    private void takeBack(InstantVm vm) {
        if (unreachable.contains(vm.id())) {
            notes.event(vm.ref(), VmFinalizeKeys.EVENT_BACKUP_REACHABLE, Severity.INFO,
                    "The backup can be read again", null);
            store.setBackupUnreachable(vm.id(), false);
            unreachable.remove(vm.id());
        }
    }

    static Optional<BackupTrouble> trouble(List<LiveDisk> disks) {
        return disks.stream().filter(disk -> !disk.isSealed()).flatMap(disk -> disk.backupTrouble().stream())
                .findFirst();
    }

    private static void attempt(InstantVm vm, Runnable step) {
        try {
            step.run();
        } catch (VCenterException | Problem e) {
            LOG.warn("VM {}: vCenter is not told how its backup is, and is told the next time: {}", vm.name(),
                    e.getMessage());
        }
    }
}
