package org.vmfinalize.lab;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Finds a port for a server that may be started again.
///
/// A port that the system chooses would lie in the range from which it also takes the near ends of connections: while
/// the server is away, somebody's connection could take it, even that of the client that tries to come back.
final class FreePort {

    private static final int FIRST = 10_000;
    private static final int END = 32_768;
    private static final int TRIES = 100;

    private FreePort() {}

    /// A TCP port of the loopback address on which nobody listens now.
    static int find() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // Taken: try another.
            }
        }
        throw new LabException(
                "loopback address: one of the ports %d to %d must be free but none of %d tried is"
                        .formatted(FIRST, END - 1, TRIES));
    }
}
