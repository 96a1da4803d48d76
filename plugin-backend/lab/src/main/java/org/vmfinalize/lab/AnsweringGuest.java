package org.vmfinalize.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmfinalize.lab.vcenter.GuestTools;

/// A guest's network, as far as the lab has one: a service that tells the guest's name to whoever connects, and VMware
/// Tools, which tell vCenter the address at which it is reached. It runs on this machine, so that is the loopback address.
///
/// **Threads:** one virtual thread, which ends by [#close()].
final class AnsweringGuest implements AutoCloseable {

    private final LabVSphere vsphere;
    private final String vmId;
    private final ServerSocket service;

    private AnsweringGuest(LabVSphere vsphere, String vmId, ServerSocket service) {
        this.vsphere = vsphere;
        this.vmId = vmId;
        this.service = service;
    }

    static AnsweringGuest start(LabVSphere vsphere, String vmId, String hostName) throws IOException {
        var service = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("guest-service").start(() -> answer(service, hostName));
        vsphere.toolsTell(vmId,
                Optional.of(new GuestTools(service.getInetAddress().getHostAddress(), hostName)));
        return new AnsweringGuest(vsphere, vmId, service);
    }

    /// Where the service is.
    int port() {
        return service.getLocalPort();
    }

    private static void answer(ServerSocket service, String hostName) {
        while (!service.isClosed()) {
            try (var caller = service.accept()) {
                caller.getOutputStream().write((hostName + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // The caller has gone, or the service was closed, which ends the loop.
            }
        }
    }

    @Override
    public void close() throws IOException {
        vsphere.toolsTell(vmId, Optional.empty());
        service.close();
    }
}
