package org.vmfinalize.nfs.portmap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/// The entries of this server in the list of the machine's rpcbind, for as long as the server runs. They stand in for a
/// portmapper of the server's own where rpcbind has the port.
///
/// rpcbind forgets them when it is restarted; then the server has to be restarted, too.
public final class Registration implements AutoCloseable {

    private static final int CONNECT_MILLIS = 1000;

    private final InetSocketAddress rpcbind;
    private final List<Mapping> mappings;
    private final InetAddress address;

    private Registration(InetSocketAddress rpcbind, List<Mapping> mappings, InetAddress address) {
        this.rpcbind = rpcbind;
        this.mappings = List.copyOf(mappings);
        this.address = address;
    }

    /// Adds entries to the rpcbind at `port` of this machine.
    ///
    /// @param address where the programs are served; a wildcard for everywhere
    /// @throws IOException if rpcbind does not answer or refuses, or another server that runs has an entry
    public static Registration with(int port, List<Mapping> mappings, InetAddress address)
            throws IOException {
        // rpcbind takes changes from this address only.
        var rpcbind = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        var registration = new Registration(rpcbind, mappings, address);
        try (var client = RpcbindClient.connect(rpcbind)) {
            for (Mapping mapping : mappings) {
                registration.add(client, mapping);
            }
            return registration;
        }
    }

    private void add(RpcbindClient client, Mapping mapping) throws IOException {
        if (client.set(mapping, address)) {
            return;
        }
        int port = client.port(mapping);
        boolean left = port == 0 || !isServed(port);
        if (left && client.unset(mapping, address) && client.set(mapping, address)) {
            return;
        }
        throw new IOException(
                "rpcbind: program %d must not be registered by another server but is, on port %d; stop that server"
                        .formatted(mapping.program(), port));
    }

    /// Whether anybody listens there: if not, the entry is what a server that was killed has left behind.
    private static boolean isServed(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Takes the entries away.
    @Override
    public void close() throws IOException {
        try (var client = RpcbindClient.connect(rpcbind)) {
            for (Mapping mapping : mappings) {
                client.unset(mapping, address);
            }
        }
    }
}
