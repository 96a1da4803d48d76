package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.linux.FileSystemBackup;
import org.vmfinalize.lab.linux.FileSystemCheck;
import org.vmfinalize.lab.linux.LinuxGuest;
import org.vmfinalize.lab.linux.LinuxReport;
import org.vmfinalize.lab.report.LabReport.FileSystemSummary;

/// A booted Linux with a file system on the disk.
final class BootedGuest implements VmGuest {

    /// The finalization takes so many times as long as the guest needed to read all files once, and at least so long.
    private static final int PASSES_MEANWHILE = 3;
    private static final Duration AT_LEAST = Duration.ofSeconds(8);

    private final LabSite site;
    private final FlatFile flatFile;
    private final FileSystemBackup backup;
    private final Optional<Duration> longestGap;
    private final Path folder;
    private @Nullable LinuxGuest guest;
    private @Nullable LinuxReport before;
    private Duration onePass = Duration.ZERO;

    /// @param longestGap for how long it may be without its disk; empty if that is not judged
    /// @param folder an empty one
    BootedGuest(LabSite site, FlatFile flatFile, FileSystemBackup backup, Optional<Duration> longestGap,
            Path folder) {
        this.site = site;
        this.flatFile = flatFile;
        this.backup = backup;
        this.longestGap = longestGap;
        this.folder = folder;
    }

    @Override
    public void start() throws IOException {
        var started = LinuxGuest.start(folder.resolve("guest"), site.nfs().host(),
                LabSite.EXPORT + "/" + flatFile.inDatastore(), backup.known());
        guest = started;
        started.awaitBoot();
        var begun = Instant.now();
        started.awaitPasses(1);
        onePass = Duration.between(begun, Instant.now());
        before = started.report();
    }

    @Override
    public OptionalLong bytesPerSecond() {
        var wanted = onePass.multipliedBy(PASSES_MEANWHILE);
        var took = wanted.compareTo(AT_LEAST) < 0 ? AT_LEAST : wanted;
        return OptionalLong.of(Math.max(1, backup.dataBytes() / took.toSeconds()));
    }

    @Override
    public String fares() {
        try {
            var report = running().report();
            return String.format(Locale.ROOT, "guest: %d files read, %d written", report.verifiedFiles(),
                    report.writtenFiles());
        } catch (IOException e) {
            return "guest: " + e.getMessage();
        }
    }

    @Override
    public void stop(Proof proof) throws IOException {
        var started = Objects.requireNonNull(before, "the guest was not started");
        var now = running().report();
        proof.require(now.passes() > started.passes() && now.writtenFiles() > started.writtenFiles(),
                "the guest must read all files and write some during the finalization but read them %d times and wrote %d"
                        .formatted(now.passes() - started.passes(),
                                now.writtenFiles() - started.writtenFiles()));
        // The second one began after the backup was deleted.
        running().awaitPasses(2);
        running().shutDown();
        var report = running().report();
        longestGap.ifPresent(most -> proof.within(most, report));
        var errors = report.errors();
        proof.require(errors.isEmpty(), "the guest must meet no errors but met %d, the first: %s"
                .formatted(errors.size(), errors.isEmpty() ? "" : errors.getFirst()));
    }

    @Override
    public Findings prove(Proof proof) throws IOException {
        var expected = new ArrayList<>(backup.known());
        expected.addAll(running().written());
        var check = FileSystemCheck.of(flatFile.path(), expected, folder.resolve("files"));
        proof.require(check.clean(), "e2fsck must find the file system clean but says: " + check.said());
        proof.require(check.wrong().isEmpty(),
                "%d files must be as the guest was told but are not, the first: %s"
                        .formatted(check.wrong().size(),
                                check.wrong().isEmpty() ? "" : check.wrong().getFirst()));
        return new Findings(Optional.empty(), Optional.of(running().report()), Optional.empty(),
                Optional.of(new FileSystemSummary(flatFile.path().toString(), backup.sizeBytes(), check)));
    }

    @Override
    public void close() {
        if (guest != null) {
            guest.close();
        }
    }

    private LinuxGuest running() {
        return Objects.requireNonNull(guest, "the guest was not started");
    }
}
