package org.vmfinalize.nfs.portmap;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The address by which a client reaches this server.
///
/// @param listening the address that the server listens on, which may be a wildcard
public record ReachedAddress(InetAddress listening) {

    private static final Logger LOG = LoggerFactory.getLogger(ReachedAddress.class);
    private static final int ANY_PORT = 9;

    /// What to tell `client`. With a wildcard it is the address from which the system would send to it.
    InetAddress by(InetAddress client) {
        if (!listening.isAnyLocalAddress()) {
            return listening;
        }
        // Connecting a datagram socket sends nothing: it only chooses the route.
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(client, ANY_PORT));
            return socket.getLocalAddress();
        } catch (IOException | RuntimeException e) {
            LOG.debug("no route to {}: {}", client, e.getMessage());
            return listening;
        }
    }
}
