package org.vmfinalize.server.datastore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.vmfinalize.nfs.NfsServer;
import org.vmfinalize.nfs.export.Export;

/// Serves the datastores over NFS: the first thing that starts and the last that stops, since guests wait for it.
///
/// It serves as soon as it is made, and not only when all of the server is: that halves the time for which guests wait when
/// the server is restarted.
@Component
public class NfsService implements InitializingBean, SmartLifecycle, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(NfsService.class);

    private final NfsSettings settings;
    private final Datastores datastores;
    private final NfsClients clients;
    private volatile @Nullable NfsServer server;

    NfsService(NfsSettings settings, Datastores datastores, NfsClients clients, ParentFolders parents) {
        this.clients = clients;
        this.settings = settings;
        this.datastores = datastores;
        parents.parentFolders().forEach(parent -> datastores.find(parent.datastore())
                .ifPresent(datastore -> datastore.setParents(parent.folder(), true)));
    }

    @Override
    public void afterPropertiesSet() {
        start();
    }

    @Override
    public void start() {
        var exports = exports();
        if (exports.isEmpty()) {
            LOG.warn("NFS: not served, since there is no datastore; set vmfinalize.datastores");
            return;
        }
        try {
            var address = InetAddress.getByName(settings.address());
            server = NfsServer
                    .start(new org.vmfinalize.nfs.NfsSettings(address, settings.port(), settings.mountPort(),
                            settings.portmapperPort(), exports, settings.whenBackupUnavailable(),
                            settings.connections(), settings.connectionsPerClient(),
                            settings.everyWriteStable()));
            LOG.info("NFS: served at {}, ports {}", settings.address(), ports());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "NFS cannot be served at %s: %s; choose other ports in vmfinalize.nfs"
                            .formatted(settings.address(), e.getMessage()),
                    e);
        }
    }

    private List<Export> exports() {
        return datastores.all()
                .stream()
                .map(datastore -> new Export(datastores.exportPath(datastore), datastore,
                        clients.of(datastore)))
                .toList();
    }

    /// The ports that it really has, by `nfs`, `mount` and `portmapper`; empty while nothing is served.
    public Map<String, Integer> ports() {
        var running = server;
        var ports = new LinkedHashMap<String, Integer>();
        if (running != null) {
            ports.put("nfs", running.ports().nfs());
            ports.put("mount", running.ports().mount());
            ports.put("portmapper", running.ports().portmapper());
        }
        return ports;
    }

    @Override
    public void stop() {
        var running = server;
        server = null;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                LOG.error("NFS: stopping failed; clients send again what was not acknowledged as stable", e);
            }
        }
    }

    /// For a start that fails half-way, where nothing is stopped that was not started with all the rest.
    @Override
    public void destroy() {
        stop();
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
