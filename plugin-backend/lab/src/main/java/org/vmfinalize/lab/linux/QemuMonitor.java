package org.vmfinalize.lab.linux;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// QEMU's own protocol for those who manage machines (QMP), one command after the other.
///
/// **Threads:** one.
final class QemuMonitor implements Closeable {

    private static final JsonMapper JSON = new JsonMapper();

    private final SocketChannel socket;
    private final BufferedReader lines;
    private Optional<String> jobError = Optional.empty();

    private QemuMonitor(SocketChannel socket) {
        this.socket = socket;
        this.lines = new BufferedReader(Channels.newReader(socket, StandardCharsets.UTF_8));
    }

    static QemuMonitor open(Path path) throws IOException {
        var socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(path));
            var monitor = new QemuMonitor(socket);
            monitor.next(); // its greeting
            monitor.ask("qmp_capabilities", Map.of());
            return monitor;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// @throws IOException if QEMU refuses
    JsonNode ask(String command, Map<String, Object> arguments) throws IOException {
        var line = JSON.writeValueAsString(Map.of("execute", command, "arguments", arguments)) + "\n";
        var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        while (true) {
            var answer = next();
            if (answer.has("return")) {
                return answer.get("return");
            }
            if (answer.has("error")) {
                throw new IOException("QEMU refuses %s: %s".formatted(command,
                        answer.at("/error/desc").asString("")));
            }
            if (answer.path("event").asString("").equals("BLOCK_JOB_COMPLETED")) {
                jobError = Optional.ofNullable(answer.at("/data/error").asString(null));
            }
        }
    }

    /// Why the last job on a disk failed, if it did, as far as QEMU has said.
    Optional<String> jobError() {
        return jobError;
    }

    private JsonNode next() throws IOException {
        var line = lines.readLine();
        if (line == null) {
            throw new IOException("QEMU has ended");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
