package org.vmfinalize.server;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.InventoryWatch;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.VirtualMachine;

/// Looks at the memory again and again, as tests change it without telling; says what differs from what it said last.
final class MemoryWatch implements InventoryWatch {

    private static final long LOOK_MILLIS = 10;

    private final MemoryVCenter vcenter;
    private final InventoryListener listener;
    private final Set<MoRef> followed = ConcurrentHashMap.newKeySet();
    private final Map<MoRef, Object> told = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private boolean interrupted = true;

    MemoryWatch(MemoryVCenter vcenter, InventoryListener listener) {
        this.vcenter = vcenter;
        this.listener = listener;
        vcenter.followed = followed;
        this.thread = Thread.ofVirtual().name("memory-watch").start(this::run);
    }

    private void run() {
        try {
            while (!closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record ClusterHosts(Set<MoRef> hosts) {}

    private void look() {
        if (vcenter.away) {
            if (!interrupted) {
                listener.interrupted(
                        new VCenterUnavailableException("vCenter: it does not answer; start it again", false,
                                null));
            }
            interrupted = true;
            return;
        }
        for (var object : followed) {
            tell(object, switch (object.type()) {
                case "Task" -> vcenter.statusOf(object);
                case "HostSystem" -> vcenter.hosts.stream().filter(host -> host.ref().equals(object))
                        .findFirst().orElse(null);
                case "ClusterComputeResource" -> new ClusterHosts(vcenter.hosts.stream()
                        .filter(host -> host.computeResource().equals(object)).map(Host::ref)
                        .collect(Collectors.toSet()));
                default -> vcenter.machines.get(object.value());
            });
        }
        told.keySet().retainAll(followed);
        if (interrupted) {
            interrupted = false;
            listener.upToDate();
        }
    }

    private void tell(MoRef object, @Nullable Object now) {
        if (now == null) {
            followed.remove(object);
            listener.removed(object);
        } else if (!now.equals(told.put(object, now))) {
            switch (now) {
                case TaskStatus status -> listener.changed(object, status);
                case Host host -> listener.changed(host);
                case ClusterHosts cluster -> listener.changed(object, cluster.hosts);
                default -> listener.changed((VirtualMachine) now);
            }
        }
    }

    @Override
    public void follow(Collection<MoRef> objects) {
        followed.addAll(objects);
    }

    @Override
    public void leave(MoRef object) {
        followed.remove(object);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
