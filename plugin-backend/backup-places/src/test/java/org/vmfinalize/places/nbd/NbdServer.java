package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.places.Programs;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.trust.ServerTrust;

/// nbdkit or qemu-nbd, as a process of its own.
final class NbdServer implements AutoCloseable {

    private final Path folder;
    private final List<String> command;
    private Process process;

    private NbdServer(Path folder, List<String> command) throws IOException {
        this.folder = folder;
        this.command = command;
        this.process = Programs.start(folder, command);
    }

    static NbdServer nbdkit(Path folder, List<String> where, String... arguments) throws IOException {
        Programs.require("nbdkit", "nbdkit");
        var command = new ArrayList<>(List.of("nbdkit", "-f", "-r"));
        command.addAll(where);
        command.addAll(List.of(arguments));
        return new NbdServer(folder, command);
    }

    static NbdServer qemu(Path folder, List<String> where, String... arguments) throws IOException {
        Programs.require("qemu-nbd", "qemu-utils");
        var command = new ArrayList<>(List.of("qemu-nbd", "-r", "-t"));
        command.addAll(where);
        command.addAll(List.of(arguments));
        return new NbdServer(folder, command);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// A place that waits for the server for as long as a process takes to start.
    static NbdPlace place(URI uri) {
        return place(uri, new ServerTrust(Optional.empty(), Optional.empty()), Duration.ofSeconds(20),
                Duration.ofSeconds(20));
    }

    /// One whose images may refer to `allowed`.
    static NbdPlace place(URI uri, URI allowed) {
        return new NbdPlace("vault", uri, new ServerTrust(Optional.empty(), Optional.empty()),
                Duration.ofSeconds(20), List.of(allowed), new Link("vault", 32, Duration.ofSeconds(20)),
                ReadThrough.straight());
    }

    static NbdPlace place(URI uri, ServerTrust trust, Duration timeout, Duration retryFor) {
        return new NbdPlace("vault", uri, trust, timeout, new Link("vault", 32, retryFor),
                ReadThrough.straight());
    }

    void stop() {
        Programs.end(process);
    }

    void startAgain() throws IOException {
        process = Programs.start(folder, command);
    }

    @Override
    public void close() {
        stop();
    }
}
