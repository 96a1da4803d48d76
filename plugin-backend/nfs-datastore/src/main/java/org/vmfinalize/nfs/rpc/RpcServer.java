package org.vmfinalize.nfs.rpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves remote programs on one port, over TCP and, if wanted, over UDP.
///
/// **Threads:** one that accepts connections, one per connection, one for datagrams. They end with [#close(Duration)].
public final class RpcServer {

    /// Which transports a port serves.
    public enum Transport {
        TCP, TCP_AND_UDP
    }

    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final int BACKLOG = 128;
    private static final int MOST_TRIES = 10;
    private static final long PAUSE_NANOS = 100_000_000;

    private final String name;
    private final RpcDispatcher dispatcher;
    private final RpcLimits limits;
    private final TcpConnection.Common common;
    private final Holdings holdings;
    private final FewWarnings warnings = new FewWarnings();
    private final Predicate<InetAddress> known;
    private final ServerSocketChannel listener;
    private final @Nullable UdpService datagrams;
    private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    private RpcServer(String name, ServerSocketChannel listener, InetSocketAddress address,
            Transport transport,
            List<RpcProgram> programs, RpcLimits limits, Predicate<InetAddress> known) throws IOException {
        this.name = name;
        this.known = known;
        holdings = new Holdings(limits.clientBytes());
        this.limits = limits;
        this.listener = listener;
        dispatcher = new RpcDispatcher(programs);
        common = new TcpConnection.Common(dispatcher, limits, new BufferPool(limits.recordBytes()), warnings,
                new ConnectionThreads(name));
        acceptor = Thread.ofPlatform().daemon().name(name + "-accept").unstarted(this::accept);
        listener.bind(address, BACKLOG);
        datagrams = transport == Transport.TCP_AND_UDP
                ? new UdpService(new InetSocketAddress(address.getAddress(), port()), dispatcher, known)
                : null;
    }

    /// Starts serving.
    ///
    /// @param name what the port is for; used in messages and names of threads
    /// @param address port 0 takes any free port
    /// @param known whether an address is that of a client that may use anything; others get few connections and no answers
    ///        to datagrams
    /// @throws IOException if the port cannot be had
    public static RpcServer start(String name, InetSocketAddress address, Transport transport,
            List<RpcProgram> programs,
            RpcLimits limits, Predicate<InetAddress> known) throws IOException {
        for (int tries = 1;; tries++) {
            try {
                return startOnce(name, address, transport, programs, limits, known);
            } catch (IOException e) {
                // A free TCP port was chosen whose UDP twin is taken: there are others.
                if (address.getPort() != 0 || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static RpcServer startOnce(String name, InetSocketAddress address, Transport transport,
            List<RpcProgram> programs, RpcLimits limits, Predicate<InetAddress> known) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            RpcServer server = new RpcServer(name, listener, address, transport, programs, limits, known);
            server.acceptor.start();
            if (server.datagrams != null) {
                Thread.ofPlatform().daemon().name(name + "-udp").start(server.datagrams);
            }
            return server;
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "%s: port %d of %s must be free and allowed for this user but was not (%s); choose another"
                            .formatted(name, address.getPort(), address.getAddress().getHostAddress(),
                                    e.getMessage()),
                    e);
        }
    }

    /// The port that is served.
    public int port() {
        return listener.socket().getLocalPort();
    }

    /// How many TCP connections there are now.
    int connectionCount() {
        return connections.size();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                serve(listener.accept());
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException e) {
                LOG.warn("{}: a connection could not be accepted ({}); the next one is awaited", name,
                        e.getMessage());
                // Such as too many open files: a loop without a pause would make that worse.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        try {
            InetAddress client = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
            if (isFull(client)) {
                channel.close();
                return;
            }
            connect(channel, client);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void connect(SocketChannel channel, InetAddress client) throws IOException {
        Holdings.Share share = holdings.join(client);
        TcpConnection connection;
        try {
            connection = new TcpConnection(channel, client, common, share, ended -> {
                connections.remove(ended);
                holdings.leave(share);
            });
        } catch (IOException e) {
            holdings.leave(share);
            throw e;
        }
        connections.add(connection);
        if (!common.threads().start(connection)) {
            connection.end();
            refused(client, "the system gives no thread for it");
        }
    }

    private boolean isFull(InetAddress client) {
        if (connections.size() >= limits.connections()) {
            refused(client, "there must be at most %d connections".formatted(limits.connections()));
            return true;
        }
        if (count(client::equals) >= limits.connectionsPerClient()) {
            refused(client, "it must have at most %d connections".formatted(limits.connectionsPerClient()));
            return true;
        }
        if (!known.test(client) && count(known.negate()) >= RpcLimits.STRANGERS) {
            refused(client, "clients that are on no list must have at most %d connections"
                    .formatted(RpcLimits.STRANGERS));
            return true;
        }
        return false;
    }

    private long count(Predicate<InetAddress> clients) {
        return connections.stream().filter(connection -> clients.test(connection.client())).count();
    }

    private void refused(InetAddress client, String why) {
        if (warnings.mayWarn()) {
            LOG.warn("{}: client {} refused: {}", name, client, why);
        }
    }

    /// Stops in an orderly way: no new connections, no new calls; calls that have arrived are answered. Connections that
    /// are not done within `grace` are cut off.
    public void close(Duration grace) throws IOException {
        try (listener; datagrams) {
            LOG.debug("{}: closing", name);
        }
        long end = System.nanoTime() + grace.toNanos();
        // What was just being accepted is among the connections only when the acceptor is gone.
        boolean interrupted = !joined(acceptor, end);
        connections.forEach(TcpConnection::finish);
        for (TcpConnection connection : connections) {
            interrupted |= !ended(connection, interrupted ? System.nanoTime() : end);
            connection.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean joined(Thread thread, long end) {
        return uninterrupted(() -> thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
    }

    private static boolean ended(TcpConnection connection, long end) {
        return uninterrupted(() -> connection.awaitEnd(end));
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static boolean uninterrupted(Wait wait) {
        try {
            wait.run();
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }
}
