package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.backup.ReferenceDisk;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.lab.guest.GuestPlan;
import org.vmfinalize.lab.report.LabReport;
import org.vmfinalize.lab.report.LabReport.BackupSummary;
import org.vmfinalize.lab.report.LabReport.DiskSummary;
import org.vmfinalize.lab.report.LabReport.FinalizationSummary;
import org.vmfinalize.lab.report.LabReport.ReceiptSummary;
import org.vmfinalize.lab.report.LabReport.VmSummary;
import org.vmfinalize.terminal.Terminal;

/// The way of one VM from its start from a backup to a regular one, and the proof of each step.
///
/// **Threads:** one.
final class Story {

    /// What a small virtual machine does when it is busy.
    private static final int GUEST_OPERATIONS_PER_SECOND = 300;
    private static final int GUEST_WORKERS = 4;

    /// How many operations the guest makes before the finalization and after it.
    private static final long OPERATIONS_AROUND = 200;
    private static final Duration GUEST_PATIENCE = Duration.ofMinutes(1);

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
        try (var reference = backup.reference(vm.backup().format(), folder, terminal)) {
            if (!plan.withGuest()) {
                return finish(vm, reference, Optional.empty(), leases);
            }
            var guest = Guest.start(site.nfs(), LabSite.EXPORT, flatFile(vm).inDatastore(), reference,
                    new GuestPlan(plan.seed(), GUEST_OPERATIONS_PER_SECOND, GUEST_WORKERS));
            awaitOperations(guest);
            return finish(vm, reference, Optional.of(guest), leases);
        }
    }

    private LabReport finish(InstantVm vm, ReferenceDisk reference, Optional<Guest> guest, Set<Path> leases)
            throws IOException {
        var finalization = finalizeVm(vm, guest);
        var expected = guest.isPresent() ? stop(guest.get()) : reference;
        var backupAfter = checkBackup(leases);
        terminal.say("verifying the whole disk, through NFS and as a file");
        var disk = checkDisk(vm, expected, reference.source());
        if (guest.isEmpty()) {
            checkDigest(disk);
        }
        return new LabReport(finalization, Optional.ofNullable(receipt), guest.map(Guest::report), disk,
                backupAfter, checkVm(vm),
                proof.problems());
    }

    private FinalizationSummary finalizeVm(InstantVm vm, Optional<Guest> guest) throws IOException {
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
        proof.require(!plan.restartServer() || run.restarts() > 0,
                "the plugin server must be killed half-way but the finalization had ended before");
        return new FinalizationSummary(plan.vm(), plan.provisioning(), status.state(),
                Duration.between(started, Instant.now()), status.hydratedBytes(), status.guestWrittenBytes(),
                run.restarts());
    }

    private LabException refused(InstantVm vm, Optional<Guest> guest, PluginProblemException problem)
            throws IOException {
        if (guest.isPresent()) {
            stop(guest.get());
        }
        var after = proof.problems().isEmpty()
                ? "%s goes on running from the backup".formatted(vm.name())
                : proof.problems().getFirst();
        return new LabException("%s (%s)".formatted(problem.getMessage(), after), problem);
    }

    /// Stops the guest after it has used the disk for a while longer, and says what it has left there.
    private ReferenceDisk stop(Guest guest) throws IOException {
        awaitOperations(guest);
        guest.stop();
        proof.unharmed(guest.report());
        return guest.expectedDisk();
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

    private DiskSummary checkDisk(InstantVm vm, ReferenceDisk expected, String source) throws IOException {
        var flatFile = flatFile(vm);
        var throughNfs = DiskCheck.throughNfs(site.nfs(), LabSite.EXPORT, flatFile.inDatastore(), expected);
        proof.identical("through NFS", throughNfs);
        var directly = DiskCheck.ofFile(flatFile.path(), expected);
        proof.identical("as a file", directly);
        return new DiskSummary(flatFile.path().toString(), expected.size(), source, throughNfs, directly);
    }

    /// Without a guest the disk must have the digest that the backup's maker computed while it wrote.
    private void checkDigest(DiskSummary disk) {
        backup.made().map(MadeBackup::sha256)
                .ifPresent(sha256 -> proof.require(disk.directly().actualSha256().equals(sha256),
                        "the disk must have the SHA-256 that the backup's maker computed, " + sha256));
    }

    private VmSummary checkVm(InstantVm vm) throws IOException {
        var shown = site.vsphere().vm(vm.id());
        proof.require(shown.name().equals(plan.newName()),
                "the VM must be named '%s' but is '%s'".formatted(plan.newName(), shown.name()));
        proof.require(!shown.managed(),
                "the VM must be a regular one but is still marked as running from a backup");
        return new VmSummary(shown.name(), shown.managed());
    }

    private FlatFile flatFile(InstantVm vm) {
        return FlatFile.of(site.datastoreDirectory(), vm.disks().getFirst().file());
    }

    private static void awaitOperations(Guest guest) throws IOException {
        long wanted = operations(guest) + OPERATIONS_AROUND;
        var givesUp = Instant.now().plus(GUEST_PATIENCE);
        while (operations(guest) < wanted) {
            if (Instant.now().isAfter(givesUp)) {
                throw new LabException("guest: must make %d operations within %d s but made %d%s".formatted(
                        OPERATIONS_AROUND, GUEST_PATIENCE.toSeconds(),
                        operations(guest) - wanted + OPERATIONS_AROUND,
                        guest.report().firstError().map(error -> ", and met: " + error).orElse("")));
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static long operations(Guest guest) {
        return guest.report().reads() + guest.report().writes();
    }
}
