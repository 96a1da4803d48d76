package org.vmfinalize.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vmfinalize.lab.backup.ReferenceDisk;
import org.vmfinalize.lab.guest.DiskCheck;
import org.vmfinalize.lab.guest.GuestReport;
import org.vmfinalize.lab.linux.LinuxReport;
import org.vmfinalize.lab.report.LabReport.DiskSummary;

/// Collects what is not as it must be.
final class Proof {

    private final List<String> problems = new ArrayList<>();

    List<String> problems() {
        return problems;
    }

    void require(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(otherwise);
        }
    }

    void completed(FinalizationStatus status) {
        require(status.isCompleted(),
                "the finalization must be completed but is %s%s".formatted(status.state(),
                        status.failure() == null ? "" : ": " + status.failure()));
    }

    /// The guest must not have been without its disk for longer than `most`.
    void within(Duration most, LinuxReport guest) {
        require(guest.longestGap().compareTo(most) <= 0,
                String.format(Locale.ROOT,
                        "the guest must not be without its disk for more than %d s (see --longest-gap)"
                                + " but was for %.2f s",
                        most.toSeconds(), guest.longestGap().toMillis() / 1000.0));
    }

    void unharmed(GuestReport guest) {
        require(guest.errors() == 0,
                "the guest must meet no errors but met %d, the first: %s".formatted(guest.errors(),
                        guest.firstError().orElse("")));
        require(guest.reads() > 0 && guest.writes() > 0,
                "the guest must read and write but made %d reads and %d writes".formatted(guest.reads(),
                        guest.writes()));
    }

    /// Compares a disk with what it must be, through NFS and where it lies.
    DiskSummary disk(LabSite site, FlatFile flatFile, ReferenceDisk expected) throws IOException {
        var throughNfs = DiskCheck.throughNfs(site.nfs(), LabSite.EXPORT, flatFile.inDatastore(), expected);
        identical("through NFS", throughNfs);
        var directly = DiskCheck.ofFile(flatFile.path(), expected);
        identical("as a file", directly);
        return new DiskSummary(flatFile.path().toString(), expected.size(), expected.source(), throughNfs,
                directly);
    }

    private void identical(String how, DiskCheck check) {
        require(check.isIdentical(),
                "the disk, read %s, must have SHA-256 %s but has %s, and differs first at byte %d"
                        .formatted(how, check.expectedSha256(), check.actualSha256(),
                                check.firstDifference().orElse(-1)));
    }
}
