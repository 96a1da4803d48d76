package org.vmfinalize.nfs.export;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.datastore.Datastore;

/// A datastore as clients mount it.
///
/// @param path what clients mount, such as `/datastore1`: absolute, without `.` or `..`, without a trailing slash; the
///        same after every restart, since file handles are bound to it
/// @param datastore what they find there
/// @param clients who may mount it, and what they may do; nobody else gets more than an error. Of several rules for a client
///        that of the smallest network counts
public record Export(String path, Datastore datastore, List<ClientRule> clients) {

    public Export {
        if (!path.startsWith("/") || path.length() == 1 || path.endsWith("/") || path.contains("//")
                || List.of(path.split("/", -1)).contains("..")
                || List.of(path.split("/", -1)).contains(".")) {
            throw new IllegalArgumentException(
                    "export: its path must be absolute and plain, such as /datastore1, but was '%s'"
                            .formatted(path));
        }
        clients = List.copyOf(clients);
    }

    /// An export that clients on this machine may read and write.
    public static Export toLoopback(String path, Datastore datastore) {
        return new Export(path, datastore, ClientRule.LOOPBACK);
    }

    /// What `client` may do; null if it may not use the export at all.
    public @Nullable ClientRule ruleFor(InetAddress client) {
        ClientRule best = null;
        for (ClientRule rule : clients) {
            if (rule.network().contains(client)
                    && (best == null || rule.network().prefixBits() > best.network().prefixBits())) {
                best = rule;
            }
        }
        return best;
    }
}
