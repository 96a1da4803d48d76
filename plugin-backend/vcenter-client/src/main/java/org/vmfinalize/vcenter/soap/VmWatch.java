package org.vmfinalize.vcenter.soap;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.InventoryWatch;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.soap.vim.Collector;

/// Watches all virtual machines with one long poll.
///
/// After a break the whole state comes anew; the listener hears only what differs from what it was told last.
///
/// **Threads:** owns one virtual thread, `vm-watch`, which waits for the server and calls the listener.
final class VmWatch implements InventoryWatch {

    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final Session session;
    private final Services services;
    private final Properties properties;
    private final InventoryListener listener;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /// What the listener was told last. Used by the thread alone.
    private final Map<MoRef, VirtualMachine> told = new HashMap<>();

    private VmWatch(Session session, Services services, Properties properties, InventoryListener listener) {
        this.session = session;
        this.services = services;
        this.properties = properties;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("vm-watch").unstarted(this::run);
    }

    static VmWatch start(Session session, Services services, Properties properties,
            InventoryListener listener) {
        var watch = new VmWatch(session, services, properties, listener);
        watch.thread.start();
        return watch;
    }

    private void run() {
        var pause = Duration.ofSeconds(1);
        while (closing.getCount() > 0) {
            try {
                session.reading(() -> {
                    follow();
                    return Boolean.TRUE;
                });
                pause = Duration.ofSeconds(1);
            } catch (VCenterException e) {
                if (closing.getCount() == 0 || !interrupted(e, pause)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    /// Tells the listener, waits a little, and says whether to go on.
    private boolean interrupted(VCenterException why, Duration pause) {
        listener.interrupted(why);
        try {
            return !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void follow() {
        var view = properties.createView("VirtualMachine");
        var filter = Properties.filter("VirtualMachine", List.of(Inventory.VM_PATHS),
                Properties.throughView(view));
        try (var changes = Changes.of(session, services, filter)) {
            var known = new HashMap<MoRef, Map<String, Object>>();
            boolean whole = true;
            while (closing.getCount() > 0) {
                var touched = apply(changes.next(session.limits().poll()), known);
                if (whole) {
                    touched.addAll(told.keySet());
                    whole = false;
                }
                touched.forEach(vm -> tell(vm, known.get(vm)));
            }
        } catch (VCenterFault e) {
            // Some servers forget old versions: begin again with the whole state.
            if (!e.is("InvalidCollectorVersion")) {
                throw e;
            }
        }
    }

    /// Applies updates to what is known and returns which objects they are about.
    private static Set<MoRef> apply(List<Collector.ObjectUpdate> updates,
            Map<MoRef, Map<String, Object>> known) {
        var touched = new HashSet<MoRef>();
        for (var update : updates) {
            if (update.obj == null) {
                continue;
            }
            var vm = update.obj.toMoRef();
            touched.add(vm);
            if ("leave".equals(update.kind)) {
                known.remove(vm);
                continue;
            }
            var values = known.computeIfAbsent(vm, _ -> new HashMap<>());
            for (var change : update.changeSet) {
                if (change.name != null && change.val != null) {
                    values.put(change.name, change.val);
                } else if (change.name != null) {
                    values.remove(change.name);
                }
            }
        }
        return touched;
    }

    private void tell(MoRef ref, @Nullable Map<String, Object> values) {
        if (values == null) {
            if (told.remove(ref) != null) {
                listener.removed(ref);
            }
            return;
        }
        var vm = Inventory.virtualMachine(new Properties.Values(ref, values));
        if (!vm.equals(told.put(ref, vm))) {
            listener.changed(vm);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
