package org.vmfinalize.nfs;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.finalization.Finalization;
import org.vmfinalize.finalization.FinalizationOptions;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.nfs.export.Export;

/// A process that makes the disks of an instant VM unless they are there, serves them, finalizes the VM, and is killed at a
/// moment that was chosen before.
///
/// The thread `storm-killer` follows what the process says on its standard output, and kills it.
final class StormServer implements AutoCloseable {

    static final int DISK_BYTES = 8 << 20;

    private static final String FINISHED = "FINISHED";

    /// The step of the process that its death follows.
    enum When {
        CREATING, READY, SEALING
    }

    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable NfsPorts ports;
    private volatile @Nullable When killedAfter;
    private volatile boolean finished;

    private StormServer(Process process) {
        this.process = process;
    }

    /// Starts one.
    ///
    /// @param bytesPerSecond how fast it finalizes; 0: as fast as it can
    /// @param when the step that it is killed after; or when its disks are complete, should it not come to that
    /// @param delayNanos how long after the step
    static StormServer start(Path directory, long seed, long bytesPerSecond, When when, long delayNanos)
            throws IOException {
        var process = new ProcessBuilder(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp",
                        System.getProperty("java.class.path"), StormServer.class.getName(),
                        directory.toString(), Long.toString(seed), Long.toString(bytesPerSecond)))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var server = new StormServer(process);
        Thread.ofPlatform().daemon().name("storm-killer").start(() -> server.follow(when, delayNanos));
        return server;
    }

    private void follow(When when, long delayNanos) {
        try (var output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                var words = line.split(" ", -1);
                if (words[0].equals("READY")) {
                    ports = new NfsPorts(Integer.parseInt(words[1]), Integer.parseInt(words[2]), -1);
                    ready.countDown();
                }
                finished |= words[0].equals(FINISHED);
                if (finished || words[0].equals(when.name())) {
                    LockSupport.parkNanos(delayNanos);
                    killedAfter = finished ? When.READY : when;
                    process.toHandle().destroyForcibly();
                    process.waitFor();
                    break;
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            ready.countDown();
            ended.countDown();
        }
    }

    /// Waits until it serves.
    ///
    /// @return null if it was killed before
    @Nullable
    NfsPorts awaitPorts() throws InterruptedException {
        if (!ready.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the server must be ready within a minute but is not");
        }
        return ports;
    }

    /// The step after which it was killed, waiting for its end.
    When awaitKill() throws InterruptedException {
        if (!ended.await(60, TimeUnit.SECONDS) || killedAfter == null) {
            throw new AssertionError(
                    "the server must be killed within a minute but is not, or has ended by itself");
        }
        return killedAfter;
    }

    /// Whether it was killed, or is about to be.
    boolean isDying() {
        return killedAfter != null;
    }

    /// Whether it found its disks complete at its start, or made them so.
    boolean isFinished() {
        return finished;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// What runs in the process.
    ///
    /// @param arguments the datastore's directory, the backup's seed, bytes per second
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        var backup = new TestBackup(TestBackup.mixed(DISK_BYTES, Long.parseLong(arguments[1])));
        var datastore = Datastore.open("storm", directory, _ -> backup);
        if (!Files.exists(directory.resolve("web"))) {
            System.out.println(When.CREATING);
            datastore.create("web", BackupReference.at("memory"));
        }
        var server = NfsServer.start(new NfsSettings(InetAddress.getLoopbackAddress(), 0, 0,
                NfsSettings.NO_PORTMAPPER, List.of(Export.toLoopback("/ds", datastore)),
                NfsSettings.WhenBackupUnavailable.TRY_LATER));
        System.out.println(When.READY + " " + server.ports().nfs() + " " + server.ports().mount());
        var disks = datastore.instantDisks("web");
        if (disks.isPresent()) {
            Finalization.of(disks.get(),
                    new FinalizationOptions(Provisioning.THIN, Long.parseLong(arguments[2])), progress -> {
                        switch (progress.state()) {
                            case SEALING -> System.out.println(When.SEALING);
                            case COMPLETED -> System.out.println(FINISHED);
                            default -> {
                            }
                        }
                    }).start();
        } else {
            System.out.println(FINISHED);
        }
        while (System.in.read() >= 0) {
            // Serves until it is killed, or whoever started it has gone.
        }
    }
}
