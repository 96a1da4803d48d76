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
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterFault;

/// Has vCenter mount our datastores on its hosts.
@Component
public class HostMounts {

    private static final Logger LOG = LoggerFactory.getLogger(HostMounts.class);

    private final ServiceAccount vcenter;
    private final Datastores datastores;
    private final NfsSettings settings;
    private final MountLedger ledger;

    HostMounts(ServiceAccount vcenter, Datastores datastores, NfsSettings settings,
            MountLedger ledger) {
        this.vcenter = vcenter;
        this.datastores = datastores;
        this.settings = settings;
        this.ledger = ledger;
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
        var mounted = new Mounted(before, mount.datastoreName());
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

    /// Which hosts have the datastore now. Changes nothing.
    ///
    /// @return one for each of `hosts`, in their order
    public List<Plan.HostReach> reach(Datastore datastore, List<Host> hosts) {
        var export = new org.vmfinalize.vcenter.Datastore.NfsExport(settings.remoteHost(),
                datastores.exportPath(datastore));
        var named = vcenter.ask(session -> session.datastores()).stream()
                .filter(known -> known.name().equals(datastore.name())).toList();
        return hosts.stream().map(host -> reach(host, export, named)).toList();
    }

    private static Plan.HostReach reach(Host host, org.vmfinalize.vcenter.Datastore.NfsExport export,
            List<org.vmfinalize.vcenter.Datastore> named) {
        var mounted = named.stream().filter(known -> known.hosts().contains(host.ref())).findFirst();
        if (!host.connected()) {
            return new Plan.HostReach(host.ref().value(), host.name(), false,
                    "it is not connected to vCenter");
        }
        if (mounted.isEmpty()) {
            return new Plan.HostReach(host.ref().value(), host.name(), null,
                    "it is not mounted there yet; that is done when a machine is run");
        }
        var known = mounted.get();
        if (!known.nfs().equals(Optional.of(export))) {
            return new Plan.HostReach(host.ref().value(), host.name(), false,
                    "another datastore of the name '%s' is mounted there".formatted(known.name()));
        }
        return known.accessible()
                ? new Plan.HostReach(host.ref().value(), host.name(), true, null)
                : new Plan.HostReach(host.ref().value(), host.name(), false,
                        "vCenter says that the datastore is not accessible");
    }

    /// A warning for each host that does not reach it.
    public static List<Plan.Remark> warnings(String datastore, List<Plan.HostReach> hosts) {
        return hosts.stream().filter(host -> Boolean.FALSE.equals(host.reachable()))
                .map(host -> Plan.Remark.of(WarningType.HOST_NOT_REACHABLE,
                        "host %s: it does not reach the datastore '%s': %s".formatted(host.name(), datastore,
                                host.reason())))
                .toList();
    }

    private void mount(Mounted mounted, Host host, NfsMount mount) {
        ledger.aboutToMount(host.ref(), mount);
        try {
            mounted.fresh.put(host.ref(), vcenter.ask(session -> session.mountNfs(host.ref(), mount)));
        } catch (VCenterFault e) {
            LOG.warn("datastore {}: host {} does not mount it; machines run on other hosts: {}",
                    mount.datastoreName(), host.name(), e.getMessage());
            mounted.refusals.put(host.ref(), e);
            ledger.unmounted(host.ref(), mount.datastoreName());
        }
    }

    /// Takes back what [#mount(Datastore, List)] did.
    public void undo(Mounted mounted) {
        mounted.fresh.forEach((host, datastore) -> vcenter.ask(session -> {
            session.unmount(host, datastore);
            ledger.unmounted(host, mounted.name);
            return host;
        }));
    }

    /// What hosts were told to mount and have not let go of.
    public List<HostMount> ledger() {
        return ledger.all();
    }

    /// Has a host let go of a datastore.
    ///
    /// @throws org.vmfinalize.server.problem.Problem DATASTORE_IN_USE that names what it is still used for
    public void unmount(VCenter session, HostMount mount, MoRef datastore) {
        UnmountRefusal.refuse(mount.datastore(), mount.host().value(),
                session.unmountObstacles(mount.host(), datastore));
        session.unmount(mount.host(), datastore);
        ledger.unmounted(mount.host(), mount.datastore());
    }

    /// Notes that a host does not have it.
    public void forget(HostMount mount) {
        ledger.unmounted(mount.host(), mount.datastore());
    }

    /// Which hosts have a datastore.
    public static final class Mounted {

        private final List<MoRef> before;
        private final String name;
        private final Map<MoRef, MoRef> fresh = new LinkedHashMap<>();
        private final Map<MoRef, VCenterFault> refusals = new LinkedHashMap<>();

        private Mounted(List<MoRef> before, String name) {
            this.before = before;
            this.name = name;
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
