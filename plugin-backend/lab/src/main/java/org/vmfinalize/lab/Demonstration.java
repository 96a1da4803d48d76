package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.backup.BackupContent;
import org.vmfinalize.lab.backup.BackupMaker;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.linux.FileSystemBackup;
import org.vmfinalize.lab.report.LabReport;
import org.vmfinalize.terminal.Terminal;

/// One run of the lab, from the backup to the report.
///
/// **Threads:** one runs it; [#close()] may be called by any, which makes the run fail.
final class Demonstration implements AutoCloseable {

    private final LabPlan plan;
    private final Terminal terminal;
    private @Nullable WorkFolder work;
    private @Nullable LabSite site;
    private volatile boolean closed;
    private boolean keepsLog;

    Demonstration(LabPlan plan, Terminal terminal) {
        this.plan = plan;
        this.terminal = terminal;
    }

    boolean isClosed() {
        return closed;
    }

    /// Tells the story; returns whether everything was proven.
    ///
    /// Unless the plan says to exit, it does not return but waits until the process is ended.
    boolean run() throws IOException {
        var folder = folder();
        var backup = backup(folder);
        LabSite running;
        LabReport report;
        try {
            running = startSite(folder, backup.folder());
            report = new Story(plan, terminal, running, backup).tell(folder);
        } catch (PluginProblemException | LabException e) {
            // The user's to mend, and told in full.
            throw e;
        } catch (IOException | RuntimeException e) {
            keepsLog = !closed;
            throw e;
        }
        keepsLog = !report.isProven();
        publish(report);
        if (!plan.exit()) {
            terminal.say("the vSphere Client stays at %s until you press Ctrl-C"
                    .formatted(running.vsphere().page()));
            waitForever();
        }
        return report.isProven();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        LabSite toClose;
        WorkFolder toDelete;
        synchronized (this) {
            toClose = site;
            toDelete = work;
            site = null;
            work = null;
        }
        terminal.clearBar();
        if (toClose != null) {
            toClose.close();
        }
        if (toDelete != null) {
            keepLog(toDelete);
            toDelete.delete();
        }
    }

    private synchronized Path folder() throws IOException {
        long needed = plan.backup().isPresent() ? 64 << 20 : plan.sizeBytes() * 2 + (64 << 20);
        work = WorkFolder.create(needed);
        return work.path();
    }

    private BackupSource backup(Path folder) throws IOException {
        if (plan.guest() == LabPlan.GuestKind.QEMU) {
            terminal.say(
                    "making a backup of %d MiB, full and incremental, with an ext4 file system (--seed %d)"
                            .formatted(plan.sizeBytes() >> 20, plan.seed()));
            return BackupSource
                    .of(FileSystemBackup.make(folder.resolve("backup"), plan.seed(), plan.sizeBytes(),
                            plan.images()));
        }
        return plan.backup().isPresent()
                ? BackupSource.of(plan.backup().get())
                : BackupSource.of(makeBackup(folder));
    }

    private MadeBackup makeBackup(Path folder) throws IOException {
        long size = plan.sizeBytes();
        terminal.say("making a backup of %d MiB, full and incremental (--seed %d)".formatted(size >> 20,
                plan.seed()));
        var made = BackupMaker.make(folder.resolve("backup"), new BackupContent(plan.seed(), size), done -> {
            if (done % (4 << 20) == 0) {
                terminal.progress("making the backup", done, size, "");
            }
        });
        terminal.clearBar();
        return made;
    }

    private LabSite startSite(Path folder, Path backups) throws IOException {
        var datastore = plan.datastore().orElse(folder.resolve("datastore")).toAbsolutePath().normalize();
        try {
            Files.createDirectories(datastore);
        } catch (IOException e) {
            throw new LabException("--datastore %s: must be a folder that can be written but is not"
                    .formatted(datastore), e);
        }
        terminal.say("starting vCenter, vSphere Client and the plugin server");
        var started = LabSite.open(folder.resolve("server"), backups, datastore, plan.port(),
                plan.guest() == LabPlan.GuestKind.QEMU ? NfsPlace.forQemu() : NfsPlace.anywhere());
        synchronized (this) {
            site = started;
        }
        terminal.say("vSphere Client: %s".formatted(started.vsphere().page()));
        started.startServer();
        if (!plan.exit()) {
            terminal.say("command line: %s".formatted(started.login()));
        }
        return started;
    }

    private void publish(LabReport report) throws IOException {
        terminal.say("");
        report.lines().forEach(terminal::say);
        if (plan.datastore().isPresent()) {
            terminal.say("the finished disk is %s".formatted(report.flatFile()));
        }
        if (plan.report().isPresent()) {
            report.writeTo(plan.report().get());
        }
    }

    private void keepLog(WorkFolder folder) throws IOException {
        var log = folder.resolve("server").resolve("server.log");
        if (keepsLog && Files.exists(log)) {
            var kept = folder.path().resolveSibling(folder.path().getFileName() + ".log");
            Files.move(log, kept, StandardCopyOption.REPLACE_EXISTING);
            terminal.say("the plugin server's log is kept in %s".formatted(kept));
        }
    }

    private static void waitForever() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the page was kept up", e);
        }
    }
}
