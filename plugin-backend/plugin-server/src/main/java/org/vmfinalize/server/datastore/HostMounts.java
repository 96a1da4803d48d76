package org.vmfinalize.server.datastore;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.VCenterException;

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

    /// Mounts the datastore on every connected host that does not have it yet.
    ///
    /// A host that refuses is left out, as long as one has it: a machine can run there.
    ///
    /// @return what was mounted now, so that it can be undone
    /// @throws VCenterException if no host has it in the end
    public Mounted mount(Datastore datastore) {
        var before = vcenter.ask(session -> session.datastores())
                .stream()
                .filter(known -> known.name().equals(datastore.name()))
                .flatMap(known -> known.hosts().stream())
                .toList();
        var mount = new NfsMount(settings.remoteHost(), datastores.exportPath(datastore), datastore.name(),
                false);
        var fresh = new ArrayList<Mount>();
        int refused = 0;
        VCenterException refusal = null;
        var hosts = vcenter.ask(session -> session.hosts()).stream().filter(Host::connected).toList();
        for (var host : hosts) {
            try {
                var ref = vcenter.ask(session -> session.mountNfs(host.ref(), mount));
                if (!before.contains(host.ref())) {
                    fresh.add(new Mount(host.ref(), ref));
                }
            } catch (VCenterException e) {
                LOG.warn("datastore {}: host {} does not mount it; machines run on other hosts: {}",
                        datastore.name(),
                        host.name(), e.getMessage());
                refusal = e;
                refused++;
            }
        }
        if (hosts.isEmpty()) {
            throw new Problem(ProblemType.VCENTER_REFUSED,
                    "datastore '%s': vCenter has no connected host that could mount it; connect one"
                            .formatted(datastore.name()));
        }
        if (refusal != null && refused == hosts.size()) {
            throw refusal;
        }
        return new Mounted(List.copyOf(fresh));
    }

    /// Takes back what [#mount(Datastore)] did.
    public void undo(Mounted mounted) {
        for (var mount : mounted.fresh) {
            vcenter.ask(session -> {
                session.unmount(mount.host, mount.datastore);
                return mount;
            });
        }
    }

    private record Mount(MoRef host, MoRef datastore) {}

    /// What was mounted that was not before.
    public static final class Mounted {

        private final List<Mount> fresh;

        private Mounted(List<Mount> fresh) {
            this.fresh = fresh;
        }
    }
}
