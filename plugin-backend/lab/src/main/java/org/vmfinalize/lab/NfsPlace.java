package org.vmfinalize.lab;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.vmfinalize.lab.guest.NfsAddress;

/// Where the plugin server serves its datastores, the same after each of its restarts.
///
/// @param address for clients that know the ports
/// @param portmapperPort for the others
/// @param everyWriteStable whether no write is acknowledged before it is durable
record NfsPlace(NfsAddress address, int portmapperPort, boolean everyWriteStable) {

    private static final int PORTMAPPER = 111;
    private static final int TRIES = 20;

    /// On the usual loopback address, with ports that are free.
    static NfsPlace anywhere() throws IOException {
        return new NfsPlace(new NfsAddress("127.0.0.1", FreePort.find(), FreePort.find()), FreePort.find(),
                false);
    }

    /// Where QEMU can be a client: it asks the portmapper at port 111, and does not look whether the server was restarted
    /// between an unstable write and its commit.
    ///
    /// @throws LabException if this user may not take that port
    static NfsPlace forQemu() throws IOException {
        var host = hostWithFreePortmapperPort();
        return new NfsPlace(new NfsAddress(host, FreePort.find(), FreePort.find()), PORTMAPPER, true);
    }

    /// One of the loopback addresses, nearly all of which nobody uses.
    private static String hostWithFreePortmapperPort() throws LabException {
        var random = ThreadLocalRandom.current();
        IOException refusal = new BindException();
        for (int i = 0; i < TRIES; i++) {
            var host = "127.%d.%d.%d".formatted(random.nextInt(1, 255), random.nextInt(1, 255),
                    random.nextInt(1, 255));
            try (var _ = new ServerSocket(PORTMAPPER, 1, InetAddress.ofLiteral(host))) {
                return host;
            } catch (IOException e) {
                refusal = e;
            }
        }
        throw new LabException(
                "--guest qemu: QEMU asks the portmapper at port 111, which must be allowed for this user"
                        + " but is not (%s); run it as root, or in a network of its own: unshare -rn sh -c 'ip link set lo up;"
                                .formatted(refusal.getMessage())
                        + " scripts/lab --guest qemu --exit'",
                refusal);
    }

    /// For the plugin server.
    Map<String, Object> settings() {
        return Map.of("vmfinalize.nfs.address", address.host(), "vmfinalize.nfs.advertised-host",
                address.host(),
                "vmfinalize.nfs.port", address.nfsPort(), "vmfinalize.nfs.mount-port", address.mountPort(),
                "vmfinalize.nfs.portmapper-port", portmapperPort, "vmfinalize.nfs.every-write-stable",
                everyWriteStable);
    }
}
