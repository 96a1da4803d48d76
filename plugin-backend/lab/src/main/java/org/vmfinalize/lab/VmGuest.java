package org.vmfinalize.lab;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmfinalize.lab.guest.GuestReport;
import org.vmfinalize.lab.linux.LinuxReport;
import org.vmfinalize.lab.report.LabReport.DiskSummary;
import org.vmfinalize.lab.report.LabReport.FileSystemSummary;

/// Who uses the VM's disk while its story is told, and how it is proven what has become of the disk.
///
/// The calls come in this order, each once: [#start], [#fares] any number of times, [#stop], [#prove], [#close]. After
/// `start`, `stop` and `close` may also come early.
///
/// **Threads:** one, but for [#fares], which any may call.
interface VmGuest extends Closeable {

    /// Begins to use the disk, and returns when it has been used for a while.
    void start() throws IOException;

    /// At most how many bytes per second may be copied, so that the guest sees enough of the finalization; empty if that
    /// does not matter to it.
    OptionalLong bytesPerSecond();

    /// How it fares, in a few words for the progress bar; empty if there is nothing to say.
    String fares();

    /// Uses the disk for a while longer, and ends.
    ///
    /// @param proof is told what the guest has met
    void stop(Proof proof) throws IOException;

    /// Compares the whole disk with what it must be.
    ///
    /// @param proof is told where it is not
    Findings prove(Proof proof) throws IOException;

    /// What the report says of the guest and its disk.
    record Findings(Optional<GuestReport> guest, Optional<LinuxReport> linux, Optional<DiskSummary> disk,
            Optional<FileSystemSummary> fileSystem) {}
}
