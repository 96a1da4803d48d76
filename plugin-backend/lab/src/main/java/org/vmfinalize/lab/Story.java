package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.report.LabReport;
import org.vmfinalize.lab.report.LabReport.BackupSummary;
import org.vmfinalize.lab.report.LabReport.FinalizationSummary;
import org.vmfinalize.lab.report.LabReport.ReceiptSummary;
import org.vmfinalize.lab.report.LabReport.VmSummary;
import org.vmfinalize.terminal.Terminal;

/// The way of one VM from its start from a backup to a regular one, and the proof of each step.
///
/// **Threads:** one.
final class Story {

    private final LabPlan plan;
    private final Terminal terminal;
    private final LabSite site;
    private final BackupSource backup;
    private final BackupInUse inUse;
    private final Proof proof = new Proof();
    private @Nullable ReceiptSummary receipt;

    Story(LabPlan plan, Terminal terminal, LabSite site, BackupSource backup) {
        this.plan = plan;
        this.terminal = terminal;
        this.site = site;
        this.backup = backup;
        this.inUse = new BackupInUse(site, backup.top());
    }

    /// Lets it happen.
    ///
    /// @param folder for what has to be written down on the way
    /// @throws PluginProblemException if the server refuses to run a VM from the backup
    /// @throws LabException also if the server refuses to finalize
    LabReport tell(Path folder) throws IOException {
        var vm = site.api().createInstantVm(plan.vm(), backup.top().toString(), LabSite.DATASTORE);
        terminal.say("%s runs from the backup %s".formatted(vm.name(), backup.top()));
        proof.require(vm.disks().size() == 1,
                "the lab proves one disk but the backup has " + vm.disks().size());
        proof.require(inUse.openFiles().contains(backup.top().toRealPath()),
                "the backup must be open while the VM runs from it, or nothing can be told from its being closed");
        var leases = inUse.leases();
        proof.require(!leases.isEmpty(), "the backup must have a lease while the VM runs from it");
        try (var guest = guestOf(vm, folder)) {
            guest.start();
            var finalization = finalizeVm(vm, guest);
            var backupAfter = checkBackup(leases);
            guest.stop(proof);
            terminal.say("verifying the whole disk");
            var findings = guest.prove(proof);
            return new LabReport(finalization, Optional.ofNullable(receipt), findings.guest(),
                    findings.linux(), findings.disk(),
                    findings.fileSystem(), backupAfter, checkVm(vm), proof.problems());
        }
    }

    private VmGuest guestOf(InstantVm vm, Path folder) throws IOException {
        var flatFile = FlatFile.of(site.datastoreDirectory(), vm.disks().getFirst().file());
        if (backup.fileSystem().isPresent()) {
            var longestGap = plan.interruption() == Interruption.UPGRADE
                    ? Optional.of(plan.longestGap())
                    : Optional.<Duration>empty();
            return new BootedGuest(site, flatFile, backup.fileSystem().get(), longestGap, folder);
        }
        var reference = backup.reference(vm.backup().format(), folder, terminal);
        return plan.guest() == LabPlan.GuestKind.NONE
                ? NoGuest.of(site, flatFile, reference, backup.made())
                : new WorkloadGuest(site, vm, flatFile, reference, plan.seed());
    }

    private FinalizationSummary finalizeVm(InstantVm vm, VmGuest guest) throws IOException {
        var run = new FinalizationRun(plan, terminal, site, guest);
        var started = Instant.now();
        FinalizationStatus status;
        try {
            status = run.toItsEnd(vm);
        } catch (PluginProblemException e) {
            throw refused(vm, guest, e);
        }
        proof.completed(status);
        if (status.isCompleted()) {
            var issued = site.api().receipt(status.id());
            proof.require(issued.verified() == plan.verify() && !issued.signature().isEmpty(),
                    "the receipt must be signed and say verified: %s but was %s".formatted(plan.verify(),
                            issued));
            receipt = issued;
        }
        proof.require(plan.interruption() == Interruption.NONE || run.restarts() > 0,
                "the plugin server must be %s half-way but the finalization had ended before"
                        .formatted(plan.interruption().word()));
        return new FinalizationSummary(plan.vm(), plan.provisioning(), status.state(),
                Duration.between(started, Instant.now()), status.hydratedBytes(), status.guestWrittenBytes(),
                run.restarts(), plan.interruption().word());
    }

    private LabException refused(InstantVm vm, VmGuest guest, PluginProblemException problem)
            throws IOException {
        guest.stop(proof);
        var after = proof.problems().isEmpty()
                ? "%s goes on running from the backup".formatted(vm.name())
                : proof.problems().getFirst();
        return new LabException("%s (%s)".formatted(problem.getMessage(), after), problem);
    }

    private BackupSummary checkBackup(Set<Path> leasesBefore) throws IOException {
        var open = inUse.openFiles();
        proof.require(open.isEmpty(),
                "the backup must not be open any more but the plugin server has %s open".formatted(open));
        var leases = inUse.leases();
        proof.require(leases.size() == leasesBefore.size() - 1,
                "the backup's lease must be gone but beside it are %s".formatted(leases));
        boolean deleted = open.isEmpty() && backup.deleteIfMade();
        return new BackupSummary(backup.top().toString(), open.stream().map(Path::toString).toList(),
                deleted);
    }

    private VmSummary checkVm(InstantVm vm) throws IOException {
        var shown = site.vsphere().vm(vm.id());
        proof.require(shown.name().equals(plan.newName()),
                "the VM must be named '%s' but is '%s'".formatted(plan.newName(), shown.name()));
        proof.require(!shown.managed(),
                "the VM must be a regular one but is still marked as running from a backup");
        return new VmSummary(shown.name(), shown.managed());
    }
}
