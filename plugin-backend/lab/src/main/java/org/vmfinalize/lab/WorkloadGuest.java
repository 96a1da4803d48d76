package org.vmfinalize.lab;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.backup.ReferenceDisk;
import org.vmfinalize.lab.guest.Guest;
import org.vmfinalize.lab.guest.GuestPlan;

/// A guest in this process, which knows every byte that it must read.
final class WorkloadGuest implements VmGuest {

    /// What a small virtual machine does when it is busy.
    private static final int OPERATIONS_PER_SECOND = 300;
    private static final int WORKERS = 4;

    /// How many operations it makes before the finalization and after it.
    private static final long OPERATIONS_AROUND = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LabSite site;
    private final InstantVm vm;
    private final FlatFile flatFile;
    private final ReferenceDisk reference;
    private final long seed;
    private @Nullable Guest guest;
    private @Nullable AnsweringGuest network;

    /// @param reference what the disk must read as in the beginning; is closed with the guest
    /// @param seed decides what it does
    WorkloadGuest(LabSite site, InstantVm vm, FlatFile flatFile, ReferenceDisk reference, long seed) {
        this.site = site;
        this.vm = vm;
        this.flatFile = flatFile;
        this.reference = reference;
        this.seed = seed;
    }

    @Override
    public void start() throws IOException {
        var started = Guest.start(site.nfs(), LabSite.EXPORT, flatFile.inDatastore(), reference,
                new GuestPlan(seed, OPERATIONS_PER_SECOND, WORKERS));
        site.host().runs(flatFile.inDatastore(), started);
        guest = started;
        network = AnsweringGuest.start(site.vsphere(), vm.id(), vm.name());
        awaitOperations();
    }

    @Override
    public OptionalLong bytesPerSecond() {
        return OptionalLong.empty();
    }

    @Override
    public String fares() {
        return String.format(Locale.ROOT, "guest p99 %.0f ms", running().report().p99().toNanos() / 1e6);
    }

    @Override
    public void stop(Proof proof) throws IOException {
        awaitOperations();
        running().stop();
        proof.unharmed(running().report());
    }

    @Override
    public Findings prove(Proof proof) throws IOException {
        var disk = proof.disk(site, flatFile, running().expectedDisk());
        return new Findings(Optional.of(running().report()), Optional.empty(), Optional.of(disk),
                Optional.empty());
    }

    @Override
    public void close() throws IOException {
        if (network != null) {
            network.close();
        }
        reference.close();
    }

    private Guest running() {
        return Objects.requireNonNull(guest, "the guest was not started");
    }

    private void awaitOperations() throws IOException {
        long wanted = operations() + OPERATIONS_AROUND;
        var givesUp = Instant.now().plus(PATIENCE);
        while (operations() < wanted) {
            if (Instant.now().isAfter(givesUp)) {
                throw new LabException("guest: must make %d operations within %d s but made %d%s".formatted(
                        OPERATIONS_AROUND, PATIENCE.toSeconds(), operations() - wanted + OPERATIONS_AROUND,
                        running().report().firstError().map(error -> ", and met: " + error).orElse("")));
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private long operations() {
        var report = running().report();
        return report.reads() + report.writes();
    }
}
