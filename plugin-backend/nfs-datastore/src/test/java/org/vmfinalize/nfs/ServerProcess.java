package org.vmfinalize.nfs;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.Export;

/// A server in a process of its own, which a test can kill. Its live disk comes from a backup that is made anew, the same,
/// in each process.
final class ServerProcess implements AutoCloseable {

    static final int DISK_BYTES = 4 << 20;
    static final long SEED = 11;

    private static final String EVERY_WRITE_STABLE = "every-write-stable";

    private final Process process;
    private final NfsPorts ports;

    private ServerProcess(Process process, NfsPorts ports) {
        this.process = process;
        this.ports = ports;
    }

    static ServerProcess start(Path directory, int nfsPort) throws IOException {
        return of(new ProcessBuilder(command(directory, nfsPort)));
    }

    /// The same with every write being stable.
    static ServerProcess startStable(Path directory, int nfsPort) throws IOException {
        var command = new ArrayList<>(command(directory, nfsPort));
        command.add(1, "-D%s=true".formatted(EVERY_WRITE_STABLE));
        return of(new ProcessBuilder(command));
    }

    /// How a server is started, to which the portmapper's port can be added.
    static List<String> command(Path directory, int nfsPort) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                ServerProcess.class.getName(), directory.toString(), Integer.toString(nfsPort));
    }

    /// A server that `builder` starts, possibly by way of other programs.
    static ServerProcess of(ProcessBuilder builder) throws IOException {
        var process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String line = process.inputReader().readLine();
        if (line == null) {
            throw new IOException("the server process has ended");
        }
        String[] numbers = line.split(" ", -1);
        return new ServerProcess(process,
                new NfsPorts(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), -1));
    }

    NfsPorts ports() {
        return ports;
    }

    long pid() {
        return process.pid();
    }

    /// Has the server stop in an orderly way.
    void stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        var backup = new TestBackup(TestBackup.mixed(DISK_BYTES, SEED));
        var datastore = Datastore.open("test", directory, _ -> backup);
        if (!Files.exists(directory.resolve("web"))) {
            datastore.create("web", BackupReference.at("memory"));
        }
        int portmapper = arguments.length > 2 ? Integer.parseInt(arguments[2]) : NfsSettings.NO_PORTMAPPER;
        var settings = new NfsSettings(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]), 0,
                portmapper, List.of(Export.toLoopback("/ds", datastore)),
                NfsSettings.WhenBackupUnavailable.TRY_LATER)
                .withEveryWriteStable(Boolean.getBoolean(EVERY_WRITE_STABLE));
        var server = NfsServer.start(settings);
        System.out.println(server.ports().nfs() + " " + server.ports().mount());
        while (System.in.read() >= 0) {
            // Serves until it is killed.
        }
        server.close();
        datastore.close();
    }
}
