package org.vmfinalize.server.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.finalization.Finalization;
import org.vmfinalize.finalization.FinalizationOptions;
import org.vmfinalize.finalization.FinalizationProgress;
import org.vmfinalize.finalization.FinalizationState;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.finalization.VerifiedDisk;
import org.vmfinalize.nfs.NfsServer;
import org.vmfinalize.nfs.NfsSettings;
import org.vmfinalize.nfs.export.Export;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.local.LocalPlace;
import org.vmfinalize.providers.BackupProviders;
import org.vmfinalize.receipts.Receipt;
import org.vmfinalize.receipts.ReceiptDisks;
import org.vmfinalize.server.receipt.Receipts;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Serves one datastore over NFS on loopback, without vCenter, REST or a database, and finalizes its instant VMs.
///
/// It is told what to do by lines on its standard input, `finalize` and `stop` (so does the input's end), and tells by
/// lines on its standard output how far it is: `ready nfs PORT mount PORT portmapper PORT`, then, when all disks
/// are complete and durable, `receipt FILE` and `completed`, else `failed: WHY`. Logs go to standard error.
public final class StandaloneServer {

    private static final long PROGRESS_NANOS = 100_000_000;

    private final StandaloneSettings settings;
    private final PrintStream out;
    private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private StandaloneServer(StandaloneSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /// Runs until it is told to stop.
    public static void main(String[] arguments) {
        System.exit(run(System.in, System.out, System.err, arguments));
    }

    /// Runs until `in` says stop or ends.
    ///
    /// @return the exit status: 0, 1 if it could not serve, 2 if the arguments are wrong
    static int run(InputStream in, PrintStream out, PrintStream err, String... arguments) {
        var settings = new StandaloneSettings();
        var commandLine = new CommandLine(settings).setCommandName("standalone");
        try {
            commandLine.parseArgs(arguments);
            new StandaloneServer(settings, out).serve(in);
            return 0;
        } catch (ParameterException e) {
            err.println(e.getMessage());
            commandLine.usage(err);
            return 2;
        } catch (IOException | IllegalArgumentException e) {
            err.println("standalone: " + e.getMessage());
            return 1;
        }
    }

    private void serve(InputStream in) throws IOException {
        Files.createDirectories(settings.datastore);
        try (var places = new Places(List.of(LocalPlace.everywhere()));
                var providers = BackupProviders.start(settings.scratch.resolve("bundles"), null, places);
                var datastore = Datastore.open("standalone", settings.datastore.toRealPath(), providers)) {
            if (settings.warmUp) {
                warmUp(providers);
            }
            var disks = instantDisks(datastore);
            var nfs = NfsSettings.onLoopback(List.of(Export.toLoopback(settings.export, datastore)))
                    .withPorts(settings.nfsPort, settings.mountPort, settings.portmapperPort);
            try (var server = NfsServer.start(nfs)) {
                var ports = server.ports();
                tell("ready nfs %d mount %d portmapper %d".formatted(ports.nfs(), ports.mount(),
                        ports.portmapper()));
                obey(in, disks);
            }
        }
    }

    /// Finalizes the backup once, in vain, so that what is measured later runs compiled.
    private void warmUp(BackupProviders providers) throws IOException {
        var folder = Files.createTempDirectory(settings.scratch, "warm-up");
        try (var datastore = Datastore.open("warm-up", folder, providers)) {
            var job = Finalization.of(datastore.create(settings.vm, reference(), List.of(settings.disk)),
                    FinalizationOptions.DEFAULT, _ -> {
                    });
            job.start();
            awaitEnd(job);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private BackupReference reference() {
        var backup = settings.backup()
                .orElseThrow(() -> new IllegalArgumentException("--backup must be given"));
        return new BackupReference(backup.toAbsolutePath().toString(), settings.format, "");
    }

    /// One of each machine; none if there is no backup.
    private List<InstantDisks> instantDisks(Datastore datastore) throws IOException {
        var all = new ArrayList<InstantDisks>();
        for (int i = 1; i <= settings.machines; i++) {
            var vm = i == 1 ? settings.vm : settings.vm + "-" + i;
            var there = datastore.instantDisks(vm);
            if (there.isPresent()) {
                all.add(there.get());
            } else if (settings.backup().isPresent()) {
                all.add(datastore.create(vm, reference(), List.of(settings.disk)));
            }
        }
        return all;
    }

    private void obey(InputStream in, List<InstantDisks> machines) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        var jobs = new ArrayList<Job>();
        for (String line = lines.readLine(); line != null && !line.equals("stop"); line = lines.readLine()) {
            if (!line.equals("finalize")) {
                tell("failed: must be told 'finalize' or 'stop' but was told '%s'".formatted(line));
            } else if (machines.isEmpty()) {
                tell("completed");
            } else if (jobs.isEmpty()) {
                var left = new AtomicInteger(machines.size());
                for (var disks : machines) {
                    jobs.add(start(disks, left));
                }
                if (settings.progress) {
                    tellProgressOf(jobs.getFirst().finalization());
                }
            }
        }
        for (var job : jobs) {
            if (!job.finalization().progress().state().isFinal()) {
                job.finalization().cancel();
            }
            job.told().join();
        }
    }

    /// @param told completed when it has come to its end and all was told of it
    private record Job(Finalization finalization, CompletableFuture<Void> told) {}

    /// Lines `progress MILLISECONDS DONE TOTAL`, in bytes, until the job has come to its end.
    private void tellProgressOf(Finalization job) {
        long began = System.nanoTime();
        Thread.ofVirtual().name("progress").start(() -> {
            FinalizationProgress progress;
            do {
                progress = job.progress();
                tell("progress %d %d %d".formatted((System.nanoTime() - began) / 1_000_000,
                        progress.doneBytes(),
                        progress.totalBytes()));
                LockSupport.parkNanos(PROGRESS_NANOS);
            } while (progress.state() == FinalizationState.HYDRATING);
        });
    }

    /// @param left how many machines are not finished
    private Job start(InstantDisks disks, AtomicInteger left) {
        var options = new FinalizationOptions(Provisioning.THIN, settings.bytesPerSecond)
                .verifying(settings.verify);
        var self = new AtomicReference<@Nullable Finalization>();
        var told = new CompletableFuture<Void>();
        var job = Finalization.of(disks, options, progress -> {
            try {
                changed(progress, disks, self.get(), left);
            } finally {
                if (progress.state().isFinal()) {
                    told.complete(null);
                }
            }
        });
        self.set(job);
        job.start();
        return new Job(job, told);
    }

    private void changed(FinalizationProgress progress, InstantDisks disks, @Nullable Finalization job,
            AtomicInteger left) {
        switch (progress.state()) {
            case COMPLETED -> {
                // The disks are complete and durable; signing comes after.
                if (left.decrementAndGet() == 0) {
                    tell("completed");
                }
                tellReceipt(progress, disks, job == null ? List.of() : job.verified());
            }
            case FAILED -> tell("failed: " + progress.failure().orElse("no reason was given"));
            case PAUSED -> tell("waits: " + progress.pauseReason().orElse("no reason was given"));
            case QUEUED, HYDRATING, VERIFYING, SEALING, CANCELLED -> {
            }
        }
    }

    private void tellReceipt(FinalizationProgress progress, InstantDisks disks, List<VerifiedDisk> verified) {
        var backup = disks.backup();
        var trees = verified.stream().collect(Collectors.toMap(VerifiedDisk::name, Function.identity()));
        var parts = disks.disks().stream().map(disk -> ReceiptDisks.of(disk.name(),
                disks.vmFolder() + "/" + disk.flatFile().getFileName(), disk.size(), disk.counters(),
                trees.get(disk.name()))).toList();
        var receipt = new Receipt(Receipt.FORMAT, Receipt.VERSION, UUID.randomUUID().toString(),
                new Receipt.Vm("", disks.vmFolder()), "standalone",
                new Receipt.Backup(backup.location(), backup.format(), backup.identity()),
                Provisioning.THIN.text(), startedAt, Instant.now().truncatedTo(ChronoUnit.MILLIS),
                new Receipt.History(0, 0, 0).plus(progress.history()), settings.verify, parts);
        try {
            tell("receipt " + Receipts.in(settings.scratch).issue(receipt));
        } catch (IOException e) {
            tell("no receipt: " + e.getMessage());
        }
    }

    /// The files are closed after this, so nobody may be copying any more.
    private static void awaitEnd(Finalization job) {
        try {
            var _ = job.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody interrupts the main thread; what is left goes on at the next start
        }
    }

    private synchronized void tell(String line) {
        out.println(line);
        out.flush();
    }
}
