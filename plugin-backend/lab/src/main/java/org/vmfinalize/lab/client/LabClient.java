package org.vmfinalize.lab.client;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The web server of the lab's vSphere Client.
///
/// It listens on the loopback address only, and answers only to a browser that was sent there on purpose: a request
/// whose `Host` is another name is refused, so that no foreign page reaches it by way of DNS.
///
/// **Threads:** any number of requests; each has a virtual thread of its own.
public final class LabClient implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService requests;
    private final PluginProxy proxy;

    private LabClient(HttpServer server, ExecutorService requests, PluginProxy proxy) {
        this.server = server;
        this.requests = requests;
        this.proxy = proxy;
    }

    /// Starts the page for a vCenter.
    ///
    /// @param userName who is logged in, as in `administrator@vsphere.local`
    /// @param port     0 for any free one
    /// @throws IOException when the port is taken
    public static LabClient start(VSphere vsphere, String userName, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                0);
        ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
        PluginProxy proxy = new PluginProxy(vsphere);
        server.setExecutor(requests);
        OwnHostOnly guard = new OwnHostOnly(server.getAddress().getPort());
        serve(server, guard, "/", new PageFiles());
        serve(server, guard, "/lab/", new PageData(vsphere, userName, proxy));
        serve(server, guard, PluginProxy.ROOT, proxy);
        server.start();
        return new LabClient(server, requests, proxy);
    }

    private static void serve(HttpServer server, OwnHostOnly guard, String path, HttpHandler handler) {
        server.createContext(path, handler).getFilters().add(guard);
    }

    /// Where a browser finds the page.
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /// Stops at once; open event streams are cut.
    @Override
    public void close() {
        server.stop(0);
        proxy.close();
        requests.shutdownNow();
    }
}
