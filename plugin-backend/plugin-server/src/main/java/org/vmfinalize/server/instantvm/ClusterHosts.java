package org.vmfinalize.server.instantvm;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.vcenter.ClusterChanged;
import org.vmfinalize.server.vcenter.HostChanged;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VCenterWatch;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterException;

/// Sees to it that a host which comes into a cluster, or comes back, gets the datastores that machines of the cluster run from:
/// DRS and HA put a machine wherever they like.
///
/// Changes are heard by the watch; vCenter is asked only after one, and now and then while a host refuses.
///
/// **Threads:** any number. The work is done by one virtual thread at a time, `cluster-hosts`, which waits for vCenter.
@Component
class ClusterHosts {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterHosts.class);

    /// So many looks after a host has refused it is asked again: each refusal is an event in vCenter.
    private static final int LOOKS_BETWEEN_TRIES = 300;

    private final InstantVms instantVms;
    private final Datastores datastores;
    private final HostMounts mounts;
    private final ServiceAccount vcenter;
    private final VCenterWatch watch;
    private final LackingHosts lackingHosts;

    private final AtomicBoolean atWork = new AtomicBoolean();
    private final AtomicBoolean changed = new AtomicBoolean();

    /// As they were when they were last seen to.
    private volatile Seen seen = new Seen(Set.of(), 0, Map.of(), Map.of());

    private volatile boolean lacking;
    private final AtomicInteger looksToSkip = new AtomicInteger();

    ClusterHosts(InstantVms instantVms, Datastores datastores, HostMounts mounts, ServiceAccount vcenter,
            VCenterWatch watch, LackingHosts lackingHosts) {
        this.instantVms = instantVms;
        this.datastores = datastores;
        this.mounts = mounts;
        this.vcenter = vcenter;
        this.watch = watch;
        this.lackingHosts = lackingHosts;
    }

    /// @param used the datastores that have machines
    /// @param mountsMade how many mounts there had been
    /// @param hosts those of the clusters that have one of them
    private record Seen(Set<String> used, long mountsMade, Map<MoRef, Host> hosts,
            Map<MoRef, Set<MoRef>> clusters) {

        private Set<MoRef> followed() {
            var all = new HashSet<>(hosts.keySet());
            all.addAll(clusters.keySet());
            return all;
        }
    }

    @EventListener
    void changed(HostChanged event) {
        if (!event.host().equals(seen.hosts.get(event.host().ref()))) {
            changed.set(true);
        }
    }

    @EventListener
    void changed(ClusterChanged event) {
        if (!event.hosts().equals(seen.clusters.get(event.cluster()))) {
            changed.set(true);
        }
    }

    /// Asks vCenter only if something is to be done.
    @Scheduled(fixedDelayString = "PT1S", initialDelayString = "PT1S")
    void look() {
        if (atWork.compareAndSet(false, true)) {
            if (isDue()) {
                Thread.ofVirtual().name("cluster-hosts").start(this::work);
            } else {
                atWork.set(false);
            }
        }
    }

    private boolean isDue() {
        var before = seen;
        if (changed.getAndSet(false) || mounts.made() != before.mountsMade || !used().equals(before.used)) {
            return true;
        }
        return lacking && looksToSkip.getAndDecrement() <= 0;
    }

    private Set<String> used() {
        return instantVms.all().stream().map(InstantVm::datastore).collect(Collectors.toUnmodifiableSet());
    }

    private void work() {
        looksToSkip.set(LOOKS_BETWEEN_TRIES);
        try {
            complete();
        } catch (VCenterException | Problem e) {
            lacking = true;
            LOG.warn("hosts: whether all of a cluster have its datastores is looked at again later: {}",
                    e.getMessage());
        } finally {
            atWork.set(false);
        }
    }

    private void complete() {
        var used = used();
        long made = mounts.made();
        var hosts = used.isEmpty() ? List.<Host>of() : vcenter.ask(VCenter::hosts);
        var neighbours = new LinkedHashSet<Host>();
        var byDatastore = new LinkedHashMap<String, HostMounts.Extended>();
        for (var name : used) {
            var datastore = datastores.find(name);
            if (datastore.isPresent()) {
                var extended = mounts.extend(datastore.get(), hosts);
                neighbours.addAll(extended.hosts());
                byDatastore.put(name, extended);
            }
        }
        lacking = byDatastore.values().stream()
                .anyMatch(extended -> !extended.mounted().refusals().isEmpty());
        follow(new Seen(used, made,
                neighbours.stream().collect(Collectors.toMap(Host::ref, Function.identity())),
                clusters(neighbours)));
        lackingHosts.tell(byDatastore);
    }

    /// A host that is in no cluster stays alone.
    private static Map<MoRef, Set<MoRef>> clusters(Set<Host> hosts) {
        return hosts.stream().filter(host -> host.computeResource().type().equals("ClusterComputeResource"))
                .collect(Collectors.groupingBy(Host::computeResource,
                        Collectors.mapping(Host::ref, Collectors.toUnmodifiableSet())));
    }

    /// What has changed since it was read is told when it begins to be followed.
    private void follow(Seen now) {
        var before = seen.followed();
        seen = now;
        var wanted = now.followed();
        wanted.stream().filter(object -> !before.contains(object)).forEach(watch::follow);
        before.stream().filter(object -> !wanted.contains(object)).forEach(watch::leave);
    }
}
