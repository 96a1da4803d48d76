package org.vmfinalize.nfs;

import java.net.InetAddress;
import java.util.List;
import org.vmfinalize.nfs.export.Export;

/// How a server is reached and what it exports.
///
/// @param address the address that is listened on; a wildcard address for all
/// @param nfsPort port of NFS over TCP; 0 = any free one. Clients expect 2049
/// @param mountPort port of MOUNT over TCP and UDP; 0 = any free one
/// @param portmapperPort port of the portmapper over TCP and UDP; 0 = any free one, -1 = none. Clients expect 111, which
///        only root may take
/// @param exports at least one
/// @param whenBackupUnavailable what clients are told when a backup cannot be read in time
/// @param connections most TCP connections to NFS at a time
/// @param connectionsPerClient most of them from one address
/// @param everyWriteStable whether also writes that may be unstable are durable before they are acknowledged. libnfs, and so
///        QEMU, needs it: it takes a COMMIT for good without looking whether the server was restarted since the writes
public record NfsSettings(
        InetAddress address,
        int nfsPort,
        int mountPort,
        int portmapperPort,
        List<Export> exports,
        WhenBackupUnavailable whenBackupUnavailable,
        int connections,
        int connectionsPerClient,
        boolean everyWriteStable) {

    /// The port of NFS that clients expect.
    public static final int NFS_PORT = 2049;
    /// A usual port of MOUNT.
    public static final int MOUNT_PORT = 20048;
    /// The port of the portmapper that clients expect.
    public static final int PORTMAPPER_PORT = 111;
    /// For `portmapperPort`: no portmapper is served.
    public static final int NO_PORTMAPPER = -1;

    /// What clients are told when data that are still in a backup cannot be read in time.
    public enum WhenBackupUnavailable {
        /// Come back later (NFS3ERR_JUKEBOX). Clients such as Linux try again for ever.
        TRY_LATER,
        /// An I/O error (NFS3ERR_IO), which the guest gets to see.
        FAIL
    }

    /// Enough for a large cluster: a host opens one to eight connections for each datastore.
    public static final int CONNECTIONS = 512;
    /// The same for one host with many datastores.
    public static final int CONNECTIONS_PER_CLIENT = 128;

    public NfsSettings {
        exports = List.copyOf(exports);
        if (exports.isEmpty()) {
            throw new IllegalArgumentException(
                    "NFS settings: there must be at least one export; add a datastore");
        }
        if (connections < 1 || connectionsPerClient < 1) {
            throw new IllegalArgumentException(
                    "NFS settings: connections and connectionsPerClient must be at least 1 but were %d and %d"
                            .formatted(connections, connectionsPerClient));
        }
        checkPort("nfsPort", nfsPort, 0);
        checkPort("mountPort", mountPort, 0);
        checkPort("portmapperPort", portmapperPort, NO_PORTMAPPER);
    }

    /// With the usual limits.
    public NfsSettings(InetAddress address, int nfsPort, int mountPort, int portmapperPort,
            List<Export> exports,
            WhenBackupUnavailable whenBackupUnavailable) {
        this(address, nfsPort, mountPort, portmapperPort, exports, whenBackupUnavailable, CONNECTIONS,
                CONNECTIONS_PER_CLIENT, false);
    }

    private static void checkPort(String name, int port, int least) {
        if (port < least || port > 65535) {
            throw new IllegalArgumentException(
                    "NFS settings: %s must be %d..65535 but was %d".formatted(name, least, port));
        }
    }

    /// On loopback, on any free ports, with a portmapper.
    public static NfsSettings onLoopback(List<Export> exports) {
        return new NfsSettings(InetAddress.getLoopbackAddress(), 0, 0, 0, exports,
                WhenBackupUnavailable.TRY_LATER);
    }

    /// The same with other ports.
    public NfsSettings withPorts(int nfs, int mount, int portmapper) {
        return new NfsSettings(address, nfs, mount, portmapper, exports, whenBackupUnavailable, connections,
                connectionsPerClient, everyWriteStable);
    }

    /// The same with another answer when a backup is away.
    public NfsSettings withWhenBackupUnavailable(WhenBackupUnavailable other) {
        return new NfsSettings(address, nfsPort, mountPort, portmapperPort, exports, other, connections,
                connectionsPerClient, everyWriteStable);
    }

    /// The same with other limits.
    public NfsSettings withConnections(int all, int perClient) {
        return new NfsSettings(address, nfsPort, mountPort, portmapperPort, exports, whenBackupUnavailable,
                all,
                perClient, everyWriteStable);
    }

    /// The same with a choice of how stable unstable writes are.
    public NfsSettings withEveryWriteStable(boolean stable) {
        return new NfsSettings(address, nfsPort, mountPort, portmapperPort, exports, whenBackupUnavailable,
                connections, connectionsPerClient, stable);
    }
}
