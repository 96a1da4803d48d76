package org.vmfinalize.server.datastore;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;

/// Has vCenter mount our datastores on its hosts.
@Component
public class HostMounts implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(HostMounts.class);

    private final ServiceAccount vcenter;
    private final Datastores datastores;
    private final NfsSettings settings;
    private final NfsClients clients;
    private final MountLedger ledger;
    private final AtomicLong made = new AtomicLong();

    /// Why hosts refused the last time.
    private final Map<Place, String> refusals = new ConcurrentHashMap<>();

    /// A datastore on a host.
    private record Place(MoRef host, String datastore) {}

    HostMounts(ServiceAccount vcenter, Datastores datastores, NfsSettings settings, NfsClients clients,
            MountLedger ledger) {
        this.clients = clients;
        this.vcenter = vcenter;
        this.datastores = datastores;
        this.settings = settings;
        this.ledger = ledger;
    }

    /// An export that is closed while hosts have it mounted leaves them with a datastore that they wait for.
    @Override
    public void afterPropertiesSet() {
        ledger.all().stream().filter(mount -> datastores.find(mount.datastore()).isEmpty())
                .collect(Collectors.groupingBy(HostMount::datastore,
                        Collectors.mapping(mount -> mount.host().value(), Collectors.joining(", "))))
                .forEach((name, hosts) -> LOG.warn(
                        "datastore {}: it is not served any more, but hosts have it mounted ({}); put it back into vmfinalize.datastores, or have them let go of it by 'vm-finalize doctor --repair'",
                        name, hosts));
    }

    /// Mounts the datastore on those of `hosts` that do not have it yet.
    ///
    /// A host that refuses is left out: a machine can run on the others.
    ///
    /// @param hosts connected ones
    /// @return which have it now, and what was mounted, so that it can be undone
    public Mounted mount(Datastore datastore, List<Host> hosts) {
        var mount = mountOf(datastore);
        var mounted = new Mounted(before(mount), mount.datastoreName());
        mount(mounted, datastore, hosts, mount);
        return mounted;
    }

    private NfsMount mountOf(Datastore datastore) {
        return new NfsMount(settings.remoteHost(), datastores.exportPath(datastore), datastore.name(), false);
    }

    private void mount(Mounted mounted, Datastore datastore, List<Host> hosts, NfsMount mount) {
        for (var host : hosts) {
            if (!mounted.before.contains(host.ref())) {
                mount(mounted, datastore, host, mount);
            }
        }
    }

    /// What [#extend(Datastore, List)] came to.
    ///
    /// @param hosts all of the clusters that have the datastore
    /// @param mounted which of them have it now, and which refuse it
    public record Extended(List<Host> hosts, Mounted mounted) {}

    /// Mounts the datastore on those hosts that do not have it although others of their cluster do.
    ///
    /// @param hosts all that there are; those that are not connected are left for later
    public Extended extend(Datastore datastore, List<Host> hosts) {
        var mount = mountOf(datastore);
        var mounted = new Mounted(before(mount), mount.datastoreName());
        var neighbours = neighbours(mounted.before, hosts);
        mount(mounted, datastore, neighbours.stream().filter(Host::connected).toList(), mount);
        neighbours.stream().filter(host -> mounted.fresh.containsKey(host.ref()))
                .forEach(host -> LOG.info("datastore {}: host {} has it now, as its cluster does",
                        datastore.name(), host.name()));
        return new Extended(neighbours, mounted);
    }

    private static List<Host> neighbours(List<MoRef> having, List<Host> hosts) {
        var clusters = hosts.stream().filter(host -> having.contains(host.ref())).map(Host::computeResource)
                .collect(Collectors.toUnmodifiableSet());
        return hosts.stream().filter(host -> clusters.contains(host.computeResource())).toList();
    }

    /// How many mounts were made since the start.
    public long made() {
        return made.get();
    }

    /// The connected hosts to which DRS or HA may bring a machine that runs from the datastore, and which do not reach it.
    /// Changes nothing.
    ///
    /// @param hosts all that there are
    /// @param known all datastores of vCenter
    public List<Plan.HostReach> without(Datastore datastore, List<Host> hosts,
            List<org.vmfinalize.vcenter.Datastore> known) {
        var neighbours = neighbours(having(mountOf(datastore), known), hosts);
        return reach(datastore, neighbours.stream().filter(Host::connected).toList(), known).stream()
                .filter(reach -> !Boolean.TRUE.equals(reach.reachable())).toList();
    }

    /// The hosts that have exactly this export under this name.
    private List<MoRef> before(NfsMount mount) {
        return having(mount, vcenter.ask(session -> session.datastores()));
    }

    private static List<MoRef> having(NfsMount mount, List<org.vmfinalize.vcenter.Datastore> all) {
        var export = new org.vmfinalize.vcenter.Datastore.NfsExport(mount.remoteHost(), mount.remotePath());
        return all.stream()
                .filter(known -> known.name().equals(mount.datastoreName())
                        && known.nfs().equals(Optional.of(export)))
                .flatMap(known -> known.hosts().stream())
                .toList();
    }

    /// Which hosts have the datastore now. Changes nothing.
    ///
    /// @return one for each of `hosts`, in their order
    public List<Plan.HostReach> reach(Datastore datastore, List<Host> hosts) {
        return reach(datastore, hosts, vcenter.ask(session -> session.datastores()));
    }

    private List<Plan.HostReach> reach(Datastore datastore, List<Host> hosts,
            List<org.vmfinalize.vcenter.Datastore> all) {
        var export = new org.vmfinalize.vcenter.Datastore.NfsExport(settings.remoteHost(),
                datastores.exportPath(datastore));
        var named = all.stream().filter(known -> known.name().equals(datastore.name())).toList();
        return hosts.stream().map(host -> reach(datastore.name(), host, export, named)).toList();
    }

    private Plan.HostReach reach(String datastore, Host host,
            org.vmfinalize.vcenter.Datastore.NfsExport export,
            List<org.vmfinalize.vcenter.Datastore> named) {
        var mounted = named.stream().filter(known -> known.hosts().contains(host.ref())).findFirst();
        if (!host.connected()) {
            return new Plan.HostReach(host.ref().value(), host.name(), false,
                    "it is not connected to vCenter");
        }
        if (mounted.isEmpty()) {
            var refusal = refusals.get(new Place(host.ref(), datastore));
            return refusal == null
                    ? new Plan.HostReach(host.ref().value(), host.name(), null,
                            "it is not mounted there yet; that is done when a machine runs in its cluster")
                    : new Plan.HostReach(host.ref().value(), host.name(), false, refusal);
        }
        var known = mounted.get();
        if (!known.nfs().equals(Optional.of(export))) {
            return new Plan.HostReach(host.ref().value(), host.name(), false,
                    "another datastore of the name '%s' is mounted there".formatted(known.name()));
        }
        return known.accessible() && !known.cutOff().contains(host.ref())
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

    private void mount(Mounted mounted, Datastore datastore, Host host, NfsMount mount) {
        var place = new Place(host.ref(), mount.datastoreName());
        ledger.aboutToMount(host.ref(), mount);
        try {
            mounted.fresh.put(host.ref(), vcenter.ask(session -> session.mountNfs(host.ref(), mount)));
            made.incrementAndGet();
            refusals.remove(place);
        } catch (VCenterFault e) {
            ledger.unmounted(host.ref(), mount.datastoreName());
            var reason = e.getMessage() + notAllowed(datastore, host.ref());
            mounted.refusals.put(host.ref(), new Refusal(reason, e));
            if (!reason.equals(refusals.put(place, reason))) {
                LOG.warn(
                        "datastore {}: host {} does not mount it; keep machines that run from it off that host: {}",
                        mount.datastoreName(), host.name(), reason);
            }
        }
    }

    /// A host says of an export that it may not mount just that it failed; empty if it may, or if that is not known.
    private String notAllowed(Datastore datastore, MoRef host) {
        try {
            var addresses = vcenter.ask(session -> session.addresses(host));
            return addresses.isEmpty()
                    || addresses.stream().anyMatch(address -> clients.allows(datastore, address))
                            ? ""
                            : "; none of its addresses (%s) is among the clients in vmfinalize.nfs or of the datastore: add one"
                                    .formatted(String.join(", ", addresses));
        } catch (VCenterException e) {
            LOG.debug("host {}: its addresses are not known", host.value(), e);
            return "";
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

    /// Why a host does not mount a datastore.
    ///
    /// @param reason for people
    public record Refusal(String reason, VCenterFault fault) {}

    /// Which hosts have a datastore.
    public static final class Mounted {

        private final List<MoRef> before;
        private final String name;
        private final Map<MoRef, MoRef> fresh = new LinkedHashMap<>();
        private final Map<MoRef, Refusal> refusals = new LinkedHashMap<>();

        private Mounted(List<MoRef> before, String name) {
            this.before = before;
            this.name = name;
        }

        public boolean has(MoRef host) {
            return before.contains(host) || fresh.containsKey(host);
        }

        /// The hosts that refused, and why.
        public Map<MoRef, Refusal> refusals() {
            return Collections.unmodifiableMap(refusals);
        }
    }
}
