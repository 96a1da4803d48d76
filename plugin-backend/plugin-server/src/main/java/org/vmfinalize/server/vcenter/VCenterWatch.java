package org.vmfinalize.server.vcenter;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.InventoryWatch;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.VirtualMachine;

/// The server's one watch of vCenter: its instant VMs, the clusters and hosts that they may run on, the tasks that show its jobs,
/// and those of vCenter's own that the jobs wait for. Who waits for one of them looks here, and asks vCenter nothing.
///
/// Changes of machines are published as [VmChanged] and [VmGone], those of hosts as [HostChanged] and [ClusterChanged].
///
/// **Threads:** any number.
@Component
public class VCenterWatch implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(VCenterWatch.class);

    /// So many looks are let pass after vCenter could not be reached: it may lock an account that tries too often.
    private static final int LOOKS_PER_ATTEMPT = 30;

    private final VCenterGate gate;
    private final ServiceAccount vcenter;
    private final ApplicationEventPublisher events;

    private final Set<MoRef> followed = ConcurrentHashMap.newKeySet();
    private final Map<MoRef, TaskStatus> tasks = new ConcurrentHashMap<>();
    private final Set<MoRef> goneTasks = ConcurrentHashMap.newKeySet();
    private final Object opening = new Object();

    private volatile @Nullable InventoryWatch watch;
    private volatile @Nullable String trouble;

    @GuardedBy("opening")
    private int looksToSkip;

    VCenterWatch(VCenterGate gate, ServiceAccount vcenter, ApplicationEventPublisher events) {
        this.gate = gate;
        this.vcenter = vcenter;
        this.events = events;
    }

    /// Follows a machine, a task, a host or a cluster. Before vCenter was reached for the first time it is only noted.
    public void follow(MoRef object) {
        goneTasks.remove(object);
        if (followed.add(object)) {
            var open = watch;
            if (open != null) {
                open.follow(object);
            }
        }
    }

    /// Follows it no longer.
    public void leave(MoRef object) {
        followed.remove(object);
        tasks.remove(object);
        goneTasks.remove(object);
        var open = watch;
        if (open != null) {
            open.leave(object);
        }
    }

    /// How a task is, which is followed from now on; empty as long as vCenter has not told it. No call.
    ///
    /// @throws VCenterUnavailableException while changes are not heard
    /// @throws VCenterFault MANAGED_OBJECT_NOT_FOUND if vCenter has forgotten it
    public Optional<TaskStatus> task(MoRef task) {
        if (goneTasks.contains(task)) {
            throw new VCenterFault("WaitForUpdatesEx", VCenterFault.MANAGED_OBJECT_NOT_FOUND, "",
                    task.value());
        }
        follow(task);
        var why = trouble;
        if (why != null) {
            throw new VCenterUnavailableException(why, false, null);
        }
        return Optional.ofNullable(tasks.get(task));
    }

    /// Begins as soon as there is something to follow, and tries again until vCenter is reached; from then on the watch sees
    /// to itself.
    @Scheduled(fixedDelayString = "PT1S")
    void open() {
        if (watch != null || followed.isEmpty() || !gate.isThere()) {
            return;
        }
        synchronized (opening) {
            if (watch != null || looksToSkip-- > 0) {
                return;
            }
            looksToSkip = LOOKS_PER_ATTEMPT;
            try {
                var opened = vcenter.ask(session -> session.watch(new Listener()));
                watch = opened;
                opened.follow(Set.copyOf(followed));
            } catch (VCenterException | Problem e) {
                interrupted(String.valueOf(e.getMessage()));
            }
        }
    }

    private void interrupted(String why) {
        if (trouble == null) {
            LOG.warn("changes in vCenter are not heard for the moment: {}", why);
        }
        trouble = why;
    }

    private void publish(Object event) {
        try {
            events.publishEvent(event);
        } catch (RuntimeException e) {
            // Who cannot cope with one change must not end the watch for all.
            LOG.error("{}: it could not be dealt with", event, e);
        }
    }

    @Override
    public void destroy() {
        synchronized (opening) {
            var open = watch;
            if (open != null) {
                open.close();
            }
        }
    }

    private final class Listener implements InventoryListener {

        @Override
        public void changed(VirtualMachine vm) {
            publish(new VmChanged(vm));
        }

        @Override
        public void changed(MoRef task, TaskStatus status) {
            if (followed.contains(task)) {
                tasks.put(task, status);
            }
        }

        @Override
        public void changed(Host host) {
            publish(new HostChanged(host));
        }

        @Override
        public void changed(MoRef cluster, Set<MoRef> hosts) {
            publish(new ClusterChanged(cluster, hosts));
        }

        @Override
        public void removed(MoRef object) {
            followed.remove(object);
            switch (object.type()) {
                case "Task" -> {
                    tasks.remove(object);
                    goneTasks.add(object);
                }
                case "VirtualMachine" -> publish(new VmGone(object));
                default -> {
                    // Of a host that is gone its cluster tells.
                }
            }
        }

        @Override
        public void interrupted(VCenterException why) {
            VCenterWatch.this.interrupted(String.valueOf(why.getMessage()));
        }

        @Override
        public void upToDate() {
            if (trouble != null) {
                LOG.info("changes in vCenter are heard again");
            }
            trouble = null;
        }
    }
}
