package org.vmfinalize.lab.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.GuestReport;
import org.vmfinalize.lab.linux.FileSystemCheck;
import org.vmfinalize.lab.linux.LinuxReport;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/// What one run of the lab did and proved.
///
/// @param finalization what the product says of its work
/// @param receipt what its receipt says; empty if it was not completed
/// @param guest what the guest met; empty if there was none of this kind
/// @param linux what a booted guest met; empty if there was none
/// @param disk the comparison of the whole disk with what it must be; empty if a booted guest used it
/// @param fileSystem the comparison of a booted guest's files with what they must be
/// @param backup what became of the backup
/// @param vm what vCenter shows in the end
/// @param problems all that was not as it must be, one line each; empty if everything was proven
@JsonPropertyOrder("proven")
public record LabReport(FinalizationSummary finalization, Optional<ReceiptSummary> receipt,
        Optional<GuestReport> guest,
        Optional<LinuxReport> linux,
        Optional<DiskSummary> disk, Optional<FileSystemSummary> fileSystem, BackupSummary backup,
        VmSummary vm, List<String> problems) {

    private static final double MIB = 1 << 20;

    public LabReport {
        problems = List.copyOf(problems);
    }

    /// The product's part.
    ///
    /// @param vm the machine's name before
    /// @param provisioning `thin`, `thick` or `eager-thick`
    /// @param took from the request to the end
    /// @param hydratedBytes copied out of the backup
    /// @param guestWrittenBytes written by the guest instead
    /// @param serverRestarts how often the server was ended on the way
    /// @param interruption how: killed or restarted
    public record FinalizationSummary(String vm, String provisioning, String state, Duration took,
            long hydratedBytes,
            long guestWrittenBytes, int serverRestarts, String interruption) {}

    /// The receipt's part, of the only disk.
    ///
    /// @param verified whether the product has read the disk back
    /// @param backupBlocks that are the backup's
    /// @param guestBlocks that are the guest's
    /// @param zeroBlocks that are zeros
    /// @param root of the digest tree; empty if the disk was not verified
    /// @param signature the algorithm's name; empty if it is not signed
    public record ReceiptSummary(boolean verified, long backupBlocks, long guestBlocks, long zeroBlocks,
            String root,
            String signature) {}

    /// The disk's part.
    ///
    /// @param flatFile where the finished disk lies on this machine
    /// @param expectedFrom where what it must be is known from
    public record DiskSummary(String flatFile, long sizeBytes, String expectedFrom, DiskCheck throughNfs,
            DiskCheck directly) {}

    /// The disk's part if it has a file system.
    ///
    /// @param flatFile where the finished disk lies on this machine
    public record FileSystemSummary(String flatFile, long sizeBytes, FileSystemCheck check) {}

    /// The backup's part.
    ///
    /// @param stillOpen files of the backup that the server has open in the end
    /// @param deleted whether it was deleted before the disk was compared
    public record BackupSummary(String location, List<String> stillOpen, boolean deleted) {

        public BackupSummary {
            stillOpen = List.copyOf(stillOpen);
        }
    }

    /// The machine in vCenter in the end.
    ///
    /// @param managed whether vCenter still shows it as managed by vm-finalize
    public record VmSummary(String name, boolean managed) {}

    /// Whether everything was proven.
    public boolean isProven() {
        return problems.isEmpty();
    }

    /// The report in a few lines.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(text(
                "finalized %s in %.1f s (%s)%s; %s hydrated, %s written by the guest meanwhile",
                finalization.vm(), finalization.took().toMillis() / 1000.0, finalization.provisioning(),
                finalization.serverRestarts() == 0
                        ? ""
                        : ", the server being %s on the way".formatted(finalization.interruption()),
                mebibytes(finalization.hydratedBytes()), mebibytes(finalization.guestWrittenBytes())));
        receipt.map(LabReport::receiptLine).ifPresent(lines::add);
        lines.add(guest.map(LabReport::guestLine).or(() -> linux.map(LabReport::linuxLine))
                .orElse("guest: none"));
        linux.map(LabReport::gapLine).ifPresent(lines::add);
        disk.map(this::diskLine).ifPresent(lines::add);
        fileSystem.map(LabReport::fileSystemLine).ifPresent(lines::add);
        lines.add(backup.stillOpen().isEmpty()
                ? "backup: no longer open"
                        + (backup.deleted() ? ", and deleted before the disk was verified" : "")
                : "backup: still open: " + backup.stillOpen().getFirst());
        lines.add("VM: %s, %s".formatted(vm.name(),
                vm.managed() ? "still marked as running from a backup" : "regular"));
        problems.forEach(problem -> lines.add("NOT PROVEN: " + problem));
        return lines;
    }

    /// Writes the report as JSON.
    public void writeTo(Path file) throws IOException {
        var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
                .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS).build();
        Files.writeString(file, json.writeValueAsString(this) + "\n");
    }

    private static String receiptLine(ReceiptSummary receipt) {
        return text("receipt: signed (%s), %s: %d blocks are the backup's, %d the guest's, %d zeros%s",
                receipt.signature(),
                receipt.verified() ? "each block proven" : "not verified (see --verify)",
                receipt.backupBlocks(), receipt.guestBlocks(), receipt.zeroBlocks(),
                receipt.root().isEmpty() ? "" : "; digest tree " + receipt.root());
    }

    private static String guestLine(GuestReport guest) {
        var line = text("guest: %d reads, %d writes, errors %d, longest I/O %d ms, 99 %% within %.1f ms",
                guest.reads(),
                guest.writes(), guest.errors(), guest.longest().toMillis(), guest.p99().toNanos() / 1e6);
        return guest.reconnects() == 0
                ? line
                : line + text("; %d reconnect after %d ms at most, %d writes sent again", guest.reconnects(),
                        guest.longestInterrupted().toMillis(), guest.sentAgain());
    }

    private static String linuxLine(LinuxReport guest) {
        return text(
                "guest: Linux %s, %s; read %d files %d times and found all as before the backup; wrote %d files (%s)",
                guest.kernel(), guest.accelerated() ? "with KVM" : "emulated",
                guest.passes() == 0 ? 0 : guest.verifiedFiles() / guest.passes(), guest.passes(),
                guest.writtenFiles(),
                mebibytes(guest.writtenBytes()));
    }

    private static String gapLine(LinuxReport guest) {
        return text("guest: %d small durable writes, the longest gap between two %.2f s; %s",
                guest.syncedWrites(),
                guest.longestGap().toMillis() / 1000.0,
                guest.errors().isEmpty()
                        ? "no error, none in its kernel's log"
                        : "errors " + guest.errors().size());
    }

    private static String fileSystemLine(FileSystemSummary disk) {
        return disk.check().isSound()
                ? "disk verified: e2fsck finds the file system clean, all %d files have the checksums they must have"
                        .formatted(disk.check().files())
                : "disk: NOT as it must be";
    }

    /// Where the finished disk lies on this machine.
    public String flatFile() {
        return disk.map(DiskSummary::flatFile).or(() -> fileSystem.map(FileSystemSummary::flatFile))
                .orElseThrow();
    }

    private String diskLine(DiskSummary disk) {
        boolean identical = disk.throughNfs().isIdentical() && disk.directly().isIdentical();
        var changes = guest.isPresent() ? "backup ⊕ changes" : "the backup";
        return identical
                ? "disk verified: identical to %s, through NFS and as a file (SHA-256 %s; expected from %s)"
                        .formatted(changes, disk.directly().actualSha256(), disk.expectedFrom())
                : "disk: NOT identical to %s".formatted(changes);
    }

    /// With a decimal where it would say too little without.
    private static String mebibytes(long bytes) {
        return bytes < 10 * MIB ? text("%.1f MiB", bytes / MIB) : text("%.0f MiB", bytes / MIB);
    }

    @FormatMethod
    private static String text(@FormatString String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
