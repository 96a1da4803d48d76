package org.vmfinalize.lab;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The plugin server, as a process of its own with the class path of this one.
///
/// **Threads:** one at a time starts and stops it; [#close()] may be called by any.
final class ServerProcess implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final Map<String, Object> settings;
    private final NfsPlace nfs;
    private final int httpsPort;
    private @Nullable Process process;
    private boolean closed;

    /// @param folder takes the settings, the log and the server's data
    /// @param settings by their full names, such as `vmfinalize.register-extension`, without addresses and ports
    /// @param nfs where it is to serve its datastores
    /// @throws IOException if there are no free ports
    ServerProcess(Path folder, Map<String, Object> settings, NfsPlace nfs) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.nfs = nfs;
        this.httpsPort = FreePort.find();
    }

    Path folder() {
        return folder;
    }

    Path dataDirectory() {
        return folder.resolve("data");
    }

    Path log() {
        return folder.resolve("server.log");
    }

    /// Where its REST API and its pages are.
    URI address() {
        return URI.create("https://127.0.0.1:%d/".formatted(httpsPort));
    }

    /// Where it serves its datastores.
    NfsPlace nfs() {
        return nfs;
    }

    synchronized long processId() {
        if (process == null) {
            throw new IllegalStateException("the plugin server was not started yet");
        }
        return process.pid();
    }

    /// The SHA-256 of its certificate, as vCenter writes it.
    String thumbprint() throws IOException {
        return Files.readString(dataDirectory().resolve("thumbprint")).strip();
    }

    /// Starts it and waits until it answers.
    ///
    /// @throws IOException if it ends or does not get ready
    void start() throws IOException {
        Process started;
        synchronized (this) {
            if (closed) {
                throw new IOException("the plugin server is not wanted any more");
            }
            started = launch();
            process = started;
        }
        awaitReadiness(started);
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// Ends it as a power cut would, and returns when it is gone.
    void kill() {
        Process killed;
        synchronized (this) {
            killed = process;
        }
        if (killed != null) {
            killed.destroyForcibly();
            killed.onExit().join();
        }
    }

    /// Ends it in an orderly way, and returns when it is gone.
    ///
    /// @throws IOException if it had to be killed
    synchronized void stop() throws IOException {
        if (process != null && process.isAlive()) {
            process.destroy();
            if (!waitFor(process)) {
                throw new IOException("plugin server: must end within %d s but has not"
                        .formatted(STOP_PATIENCE.toSeconds()));
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (process != null && process.isAlive()) {
            process.destroy();
            if (!waitFor(process)) {
                process.destroyForcibly();
                waitFor(process);
            }
        }
    }

    private Process launch() throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(dataDirectory().resolve("ports.json"));
        var file = folder.resolve("settings.yaml");
        // JSON is YAML too.
        JSON.writeValue(file.toFile(), settingsWithPorts());
        var arguments = folder.resolve("arguments");
        Files.writeString(arguments,
                String.join("\n", "-Xmx512m", "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow", "-cp",
                        quoted(classPath()), "org.vmfinalize.server.PluginServer",
                        quoted("--spring.config.additional-location=" + file.toUri())));
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(java.toString(), "@" + arguments).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Map<String, Object> settingsWithPorts() {
        var all = new LinkedHashMap<>(settings);
        all.put("vmfinalize.data-directory", dataDirectory().toString());
        all.put("server.address", "127.0.0.1");
        all.put("server.port", httpsPort);
        all.putAll(nfs.settings());
        return all;
    }

    /// Its ports are the last thing that it writes down when it starts.
    private void awaitReadiness(Process started) throws IOException {
        var file = dataDirectory().resolve("ports.json");
        var givesUp = Instant.now().plus(START_PATIENCE);
        while (!Files.exists(file)) {
            if (hasEndedWithin(started, Duration.ofMillis(50))) {
                throw new IOException("plugin server: must start but ended with status %d: %s"
                        .formatted(started.exitValue(), lastWords()));
            }
            if (Instant.now().isAfter(givesUp)) {
                throw new IOException("plugin server: must be ready within %d s but is not"
                        .formatted(START_PATIENCE.toSeconds()));
            }
        }
    }

    /// What the log says about why it ended: the server's own words for people, else its last line.
    private String lastWords() throws IOException {
        var lines = Files.readAllLines(log(), StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("\tat ")).toList();
        int heading = lines.lastIndexOf("Description:");
        if (heading >= 0 && heading + 1 < lines.size()) {
            return lines.get(heading + 1);
        }
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }

    private static boolean hasEndedWithin(Process process, Duration patience) throws IOException {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the plugin server", e);
        }
    }

    private static boolean waitFor(Process process) throws IOException {
        return hasEndedWithin(process, STOP_PATIENCE);
    }

    /// This process's class path, from whatever folder it is looked at.
    static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// An argument as an argument file of `java` takes it.
    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
