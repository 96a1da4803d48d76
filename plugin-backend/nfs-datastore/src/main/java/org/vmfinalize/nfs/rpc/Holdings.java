package org.vmfinalize.nfs.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// How much the clients of a server make it hold for them: arguments of calls under way, and replies that they have not
/// read yet.
///
/// There is room for so much. While it is taken, clients that hold more than an equal part have to wait, on those of their
/// connections that hold more than an equal part of that: whoever takes all it can get does not hold up one that takes
/// little. What is held in all is at most about twice the room.
///
/// **Threads:** any number.
final class Holdings {

    private final long room;
    private final AtomicLong held = new AtomicLong();

    @GuardedBy("this")
    private final Map<InetAddress, Client> clients = new HashMap<>();
    /// The size of `clients`, at least 1, for those who do not want to wait for the lock.
    private volatile int clientCount = 1;

    /// @param room in bytes
    Holdings(long room) {
        this.room = room;
    }

    private static final class Client {
        private final InetAddress address;
        private final AtomicLong held = new AtomicLong();
        /// Changed by the holder of the holdings' lock only.
        private volatile int connections;

        private Client(InetAddress address) {
            this.address = address;
        }
    }

    /// What one connection makes the server hold.
    final class Share {
        private final Client client;
        private final AtomicLong mine = new AtomicLong();

        private Share(Client client) {
            this.client = client;
        }

        /// Holds `bytes` more, or less.
        void add(long bytes) {
            mine.addAndGet(bytes);
            client.held.addAndGet(bytes);
            held.addAndGet(bytes);
        }

        /// Whether the connection has to wait until something that it has asked for is done.
        boolean isOver() {
            if (held.get() < room) {
                return false;
            }
            long part = room / clientCount;
            return client.held.get() >= part && mine.get() >= part / Math.max(1, client.connections);
        }
    }

    /// The share of one more connection of the client at `address`.
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written under the lock
    synchronized Share join(InetAddress address) {
        Client client = clients.computeIfAbsent(address, Client::new);
        client.connections++;
        clientCount = clients.size();
        return new Share(client);
    }

    /// Notes that a connection has ended. What its calls still hold counts until they are answered.
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written under the lock
    synchronized void leave(Share share) {
        Client client = share.client;
        client.connections--;
        if (client.connections == 0) {
            clients.remove(client.address);
            clientCount = Math.max(1, clients.size());
        }
    }
}
