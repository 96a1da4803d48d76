package org.vmfinalize.lab.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/// A booted Linux whose disk is a file on an NFS server.
///
/// It mounts the disk's file system, and then does three things at a time until it is stopped: it reads all files of the
/// backup and compares their checksums, it writes over others and syncs them, and it makes one small durable write after
/// the other, by which it sees how long its disk was away.
///
/// **Threads:** `linux-guest` reads what it tells, and ends with QEMU. The methods may be called by one thread at a time;
/// [#close()] by any.
public final class LinuxGuest implements AutoCloseable {

    /// An emulated guest on a busy machine boots in well under a minute; a server may be away for as long as ESXi waits.
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String MONITOR = "qmp";
    private static final Duration POLL = Duration.ofMillis(100);

    private final Process qemu;
    private final Path folder;
    private final KernelLog log;
    private final Acceleration acceleration;
    private final GuestTalk talk = new GuestTalk();
    private final Thread reader;

    private LinuxGuest(Process qemu, Path folder, KernelLog log, Acceleration acceleration) {
        this.qemu = qemu;
        this.folder = folder;
        this.log = log;
        this.acceleration = acceleration;
        this.reader = Thread.ofVirtual().name("linux-guest").start(this::listen);
    }

    /// What this machine lacks for running one, as the Debian packages that have it.
    public static List<String> missingPackages() throws IOException {
        var missing = new ArrayList<>(Stream.of(Program.values()).filter(program -> program.find().isEmpty())
                .map(Program::debianPackage).distinct().toList());
        if (Program.QEMU_IMG.find().isPresent()
                && !Program.QEMU_IMG.run("--help").output().contains(" nfs")) {
            missing.add("qemu-block-extra");
        }
        if (Kernel.find().isEmpty()) {
            missing.add(Kernel.DEBIAN_PACKAGE);
        }
        return missing;
    }

    /// Boots it.
    ///
    /// @param folder an empty one, for its kernel's log and its system
    /// @param host the file server's address; its portmapper must be at port 111, where QEMU asks it
    /// @param path of the disk's file on it, from the export on
    /// @param known what the backup's files must be
    /// @throws IOException if something is missing, or the file server does not serve the disk
    public static LinuxGuest start(Path folder, String host, String path, List<KnownFile> known)
            throws IOException {
        return start(folder, known, List.of("-blockdev",
                "driver=nfs,node-name=file,server.type=inet,server.host=%s,path=%s,cache.direct=on"
                        .formatted(host, path.replace(",", ",,")),
                "-blockdev", "driver=raw,node-name=disk,file=file,cache.direct=on"));
    }

    /// Boots it from a child of the disk: a new qcow2 image, which takes what it writes. The disk itself is only read.
    ///
    /// @param child is made
    /// @param bytes the disk's size
    public static LinuxGuest start(Path folder, String host, String path, Path child, long bytes,
            List<KnownFile> known) throws IOException {
        Program.QEMU_IMG.succeed("create", "-q", "-f", "qcow2", child.toString(), Long.toString(bytes));
        return start(folder, known, List.of("-blockdev",
                "driver=nfs,node-name=parent-file,server.type=inet,server.host=%s,path=%s,read-only=on"
                        .formatted(host, path.replace(",", ",,")),
                "-blockdev", "driver=raw,node-name=parent,file=parent-file,read-only=on", "-blockdev",
                "driver=file,node-name=child-file,filename=" + child.toString().replace(",", ",,"),
                "-blockdev", "driver=qcow2,node-name=disk,file=child-file,backing=parent"));
    }

    private static LinuxGuest start(Path folder, List<KnownFile> known, List<String> disk)
            throws IOException {
        var missing = missingPackages();
        if (!missing.isEmpty()) {
            throw new IOException(
                    "a Linux guest: its programs must be installed but are not; install Debian packages "
                            + String.join(" ", missing));
        }
        Files.createDirectories(folder);
        var kernel = Kernel.find().orElseThrow();
        var system = folder.resolve("initramfs");
        Initramfs.write(system, kernel, known);
        var console = folder.resolve("console");
        var acceleration = Acceleration.best(folder);
        var line = new ArrayList<>(Program.QEMU.with("-name", "vm-finalize-guest", "-accel",
                acceleration.accelerator(), "-cpu", "max", "-M", "q35", "-smp", "1", "-m", "320", "-display",
                "none", "-nodefaults", "-no-user-config", "-no-reboot", "-kernel",
                kernel.image().toString(), "-initrd", system.toString(), "-append",
                "console=ttyS0 panic=-1 loglevel=7", "-serial", "file:" + console, "-serial", "stdio", "-qmp",
                "unix:%s,server=on,wait=off".formatted(folder.resolve(MONITOR))));
        line.addAll(disk);
        line.addAll(List.of("-device", "virtio-blk-pci,drive=disk"));
        var qemu = new ProcessBuilder(line).redirectError(folder.resolve("qemu.errors").toFile()).start();
        return new LinuxGuest(qemu, folder, new KernelLog(console), acceleration);
    }

    /// Copies into its disk, while it runs, what is only in the disk's parent, and lets go of that: QEMU's `block-stream`.
    ///
    /// @param percent is told how far it is
    /// @return false if it was cancelled
    public boolean promote(IntConsumer percent, BooleanSupplier cancelled) throws IOException {
        try (var monitor = QemuMonitor.open(folder.resolve(MONITOR))) {
            monitor.ask("block-stream", Map.of("job-id", "promote", "device", "disk"));
            boolean stopped = false;
            for (var jobs = monitor.ask("query-block-jobs", Map.of()); !jobs.isEmpty(); jobs = monitor
                    .ask("query-block-jobs", Map.of())) {
                long length = jobs.path(0).path("len").asLong(0);
                percent.accept(
                        length == 0 ? 0 : (int) (jobs.path(0).path("offset").asLong(0) * 100 / length));
                if (!stopped && cancelled.getAsBoolean()) {
                    stopped = true;
                    monitor.ask("block-job-cancel", Map.of("device", "promote"));
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
            if (monitor.jobError().isPresent()) {
                throw new IOException("QEMU could not join the disks: " + monitor.jobError().get());
            }
            if (!stopped) {
                // It still has them open, though nothing needs them any more.
                monitor.ask("blockdev-del", Map.of("node-name", "parent"));
                monitor.ask("blockdev-del", Map.of("node-name", "parent-file"));
            }
            return !stopped;
        }
    }

    private void listen() {
        try (var lines = new BufferedReader(
                new InputStreamReader(qemu.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                talk.tell(line.strip());
            }
        } catch (IOException e) {
            talk.tell("failed what it tells cannot be read any more: " + e.getMessage());
        } finally {
            talk.end();
        }
    }

    /// Waits until it has mounted its disk.
    ///
    /// @throws IOException if it cannot, has ended, or needs too long
    public void awaitBoot() throws IOException {
        await("mount its disk", talk::isMounted);
    }

    /// Waits until it has read all files of the backup so many times more, and has written meanwhile.
    ///
    /// @throws IOException if it has met an error, has ended, or needs too long
    public void awaitPasses(int more) throws IOException {
        int passes = talk.passes() + more;
        long beats = talk.beats() + 1;
        long files = talk.writtenFiles() + 1;
        await("read and write its disk",
                () -> talk.passes() >= passes && talk.beats() >= beats && talk.writtenFiles() >= files);
    }

    private void await(String what, BooleanSupplier condition) throws IOException {
        try {
            if (!talk.await(condition, PATIENCE)) {
                throw new IOException("the Linux guest must %s within %d s but has not: %s".formatted(what,
                        PATIENCE.toSeconds(), reason()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the Linux guest was awaited", e);
        }
    }

    private String reason() throws IOException {
        var error = talk.firstError();
        if (error.isPresent()) {
            return error.get();
        }
        var said = Files.readString(folder.resolve("qemu.errors")).strip();
        return said.isEmpty() ? log.lastLine() : said.lines().toList().getLast();
    }

    /// Ends what it does, has it unmount its disk, and waits until it is switched off.
    public void shutDown() throws IOException {
        var line = qemu.getOutputStream();
        line.write("stop\n".getBytes(StandardCharsets.US_ASCII));
        line.flush();
        await("unmount its disk", talk::isUnmounted);
        try {
            if (!qemu.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the Linux guest must be switched off within %d s but is not: %s"
                        .formatted(PATIENCE.toSeconds(), reason()));
            }
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the Linux guest was shutting down", e);
        }
    }

    /// What happened so far.
    public LinuxReport report() throws IOException {
        var told = talk.report(acceleration == Acceleration.KVM);
        var errors = new ArrayList<>(told.errors());
        errors.addAll(log.complaints());
        return new LinuxReport(told.kernel(), told.accelerated(), told.passes(), told.verifiedFiles(),
                told.writtenFiles(), told.writtenBytes(), told.syncedWrites(), told.longestGap(), errors);
    }

    /// What the files that it has written must be once it has been shut down.
    public List<KnownFile> written() {
        return talk.written();
    }

    /// Switches it off, if it still runs.
    @Override
    public void close() {
        qemu.destroyForcibly();
        qemu.onExit().join();
    }
}
