package org.vmfinalize.server.datastore;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.VCenterFault;

/// Has vCenter mount our datastores on its hosts.
@Component
public class HostMounts {

    private static final Logger LOG = LoggerFactory.getLogger(HostMounts.class);

    private final ServiceAccount vcenter;
    private final Datastores datastores;
    private final NfsSettings settings;

    HostMounts(ServiceAccount vcenter, Datastores datastores, NfsSettings settings) {
        this.vcenter = vcenter;
        this.datastores = datastores;
        this.settings = settings;
    }

    /// Mounts the datastore on those of `hosts` that do not have it yet.
    ///
    /// A host that refuses is left out: a machine can run on the others.
    ///
    /// @param hosts connected ones
    /// @return which have it now, and what was mounted, so that it can be undone
    public Mounted mount(Datastore datastore, List<Host> hosts) {
        var mount = new NfsMount(settings.remoteHost(), datastores.exportPath(datastore), datastore.name(),
                false);
        var before = before(mount);
        var mounted = new Mounted(before);
        for (var host : hosts) {
            if (!before.contains(host.ref())) {
                mount(mounted, host, mount);
            }
        }
        return mounted;
    }

    /// The hosts that have exactly this export under this name.
    private List<MoRef> before(NfsMount mount) {
        var export = new org.vmfinalize.vcenter.Datastore.NfsExport(mount.remoteHost(), mount.remotePath());
        return vcenter.ask(session -> session.datastores())
                .stream()
                .filter(known -> known.name().equals(mount.datastoreName())
                        && known.nfs().equals(Optional.of(export)))
                .flatMap(known -> known.hosts().stream())
                .toList();
    }

    private void mount(Mounted mounted, Host host, NfsMount mount) {
        try {
            mounted.fresh.put(host.ref(), vcenter.ask(session -> session.mountNfs(host.ref(), mount)));
        } catch (VCenterFault e) {
            LOG.warn("datastore {}: host {} does not mount it; machines run on other hosts: {}",
                    mount.datastoreName(), host.name(), e.getMessage());
            mounted.refusals.put(host.ref(), e);
        }
    }

    /// Takes back what [#mount(Datastore, List)] did.
    public void undo(Mounted mounted) {
        mounted.fresh.forEach((host, datastore) -> vcenter.ask(session -> {
            session.unmount(host, datastore);
            return host;
        }));
    }

    /// Which hosts have a datastore.
    public static final class Mounted {

        private final List<MoRef> before;
        private final Map<MoRef, MoRef> fresh = new LinkedHashMap<>();
        private final Map<MoRef, VCenterFault> refusals = new LinkedHashMap<>();

        private Mounted(List<MoRef> before) {
            this.before = before;
        }

        public boolean has(MoRef host) {
            return before.contains(host) || fresh.containsKey(host);
        }

        /// The hosts that refused, and why.
        public Map<MoRef, VCenterFault> refusals() {
            return Collections.unmodifiableMap(refusals);
        }
    }
}
