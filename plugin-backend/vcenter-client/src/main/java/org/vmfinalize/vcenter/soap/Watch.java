package org.vmfinalize.vcenter.soap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.InventoryListener;
import org.vmfinalize.vcenter.InventoryWatch;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;
import org.vmfinalize.vcenter.soap.vim.Tasks.TaskInfo;

/// Watches virtual machines, tasks, hosts and clusters with one long poll: a list view has them, and one filter follows the view. However
/// many they are and however long it lasts, it is one call per poll, and one for each change of the list.
///
/// After a break the whole state comes anew; the listener hears only what differs from what it was told last.
///
/// **Threads:** owns one virtual thread, `inventory-watch`, which waits for the server. It and whoever follows something
/// call the listener, one at a time.
final class Watch implements InventoryWatch {

    private static final System.Logger LOG = System.getLogger(Watch.class.getName());

    private static final List<String> FOLLOWED_TYPES = List.of("VirtualMachine", "Task", "HostSystem",
            "ClusterComputeResource");

    private final Session session;
    private final Services services;
    private final Properties properties;
    private final InventoryListener listener;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /// Held while the list in the server is made or changed, so that it and `followed` are the same; never while the listener
    /// is called.
    private final ReentrantLock listLock = new ReentrantLock();

    @GuardedBy("listLock")
    private final Set<MoRef> followed = new LinkedHashSet<>();

    /// Null while there is none, and once it is not what it should be.
    @GuardedBy("listLock")
    private @Nullable MoRef view;

    /// Held while the listener is called.
    private final ReentrantLock telling = new ReentrantLock();

    /// What the listener was told last.
    @GuardedBy("telling")
    private final Map<MoRef, Object> told = new HashMap<>();

    private Watch(Session session, Services services, Properties properties, InventoryListener listener) {
        this.session = session;
        this.services = services;
        this.properties = properties;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("inventory-watch").unstarted(this::run);
    }

    static Watch start(Session session, Services services, Properties properties,
            InventoryListener listener) {
        var watch = new Watch(session, services, properties, listener);
        watch.thread.start();
        return watch;
    }

    @Override
    public void follow(Collection<MoRef> objects) {
        for (var object : objects) {
            if (!FOLLOWED_TYPES.contains(object.type())) {
                throw new IllegalArgumentException("%s: it must be one of %s but is not".formatted(object,
                        String.join(", ", FOLLOWED_TYPES)));
            }
        }
        List<MoRef> gone;
        listLock.lock();
        try {
            var fresh = new ArrayList<MoRef>();
            for (var object : objects) {
                if (followed.add(object)) {
                    fresh.add(object);
                }
            }
            gone = fresh.isEmpty() ? List.of() : add(fresh);
            followed.removeAll(gone);
        } finally {
            listLock.unlock();
        }
        gone.forEach(this::tellRemoved);
    }

    @Override
    public void leave(MoRef object) {
        listLock.lock();
        try {
            var list = view;
            if (followed.remove(object) && list != null) {
                session.send(Call.of("ModifyListView", list).with("remove", object));
            }
        } catch (VCenterException e) {
            // It is not told any more all the same, and is not in the next list.
            LOG.log(System.Logger.Level.DEBUG, object + " stays in the list", e);
        } finally {
            listLock.unlock();
        }
        telling.lock();
        try {
            told.remove(object);
        } finally {
            telling.unlock();
        }
    }

    /// Adds objects to the list, if there is one.
    ///
    /// @return those that the server does not have
    @GuardedBy("listLock")
    private List<MoRef> add(List<MoRef> objects) {
        var list = view;
        if (list == null) {
            return List.of();
        }
        try {
            return addTo(list, objects);
        } catch (VCenterException e) {
            // The thread makes a new list after its poll, with all that is followed.
            LOG.log(System.Logger.Level.DEBUG, "the list is to be made anew", e);
            view = null;
            return List.of();
        }
    }

    private List<MoRef> addTo(MoRef list, List<MoRef> objects) {
        if (objects.isEmpty()) {
            return List.of();
        }
        var call = Call.of("ModifyListView", list);
        objects.forEach(object -> call.with("add", object));
        try {
            return session.send(call, ManagedObjectReference.class).stream()
                    .map(ManagedObjectReference::toMoRef).toList();
        } catch (VCenterFault e) {
            if (!e.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw e;
            }
            if (objects.size() == 1) {
                return objects;
            }
        }
        // This server does not tell which: one by one, then. What is there twice counts once.
        var gone = new ArrayList<MoRef>();
        objects.forEach(object -> gone.addAll(addTo(list, List.of(object))));
        return gone;
    }

    private void run() {
        var longest = session.limits().pause();
        var pause = shorter(Duration.ofSeconds(1), longest);
        while (closing.getCount() > 0) {
            try {
                session.reading(() -> {
                    followAll();
                    return Boolean.TRUE;
                });
                pause = shorter(Duration.ofSeconds(1), longest);
            } catch (VCenterException e) {
                if (closing.getCount() == 0 || !interrupted(e, pause)) {
                    return;
                }
                pause = shorter(pause.multipliedBy(2), longest);
            }
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /// Tells the listener, waits a little, and says whether to go on.
    private boolean interrupted(VCenterException why, Duration pause) {
        telling.lock();
        try {
            listener.interrupted(why);
        } finally {
            telling.unlock();
        }
        try {
            return !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void followAll() {
        var list = makeList();
        try (var changes = Changes.of(session, services, filter(list))) {
            var known = new HashMap<MoRef, Map<String, Object>>();
            boolean whole = false;
            while (closing.getCount() > 0 && isCurrent(list)) {
                var touched = apply(changes.next(session.limits().poll()), known);
                if (touched.isEmpty() && whole) {
                    // Whether a wait counts as use of the session is not documented.
                    session.send(Call.of("CurrentTime", SoapConnector.SERVICE_INSTANCE));
                }
                touched.forEach(object -> tell(object, known.get(object)));
                if (!whole && !changes.isTruncated()) {
                    whole = true;
                    allTold(known.keySet());
                }
            }
        } catch (VCenterFault e) {
            // Some servers forget old versions: begin again with the whole state.
            if (!e.is("InvalidCollectorVersion")) {
                throw e;
            }
        } finally {
            dropList(list);
        }
    }

    private MoRef makeList() {
        List<MoRef> gone;
        MoRef list;
        listLock.lock();
        try {
            list = session.sendForOne(Call.of("CreateListView", services.viewManager()),
                    ManagedObjectReference.class).toMoRef();
            gone = addTo(list, List.copyOf(followed));
            followed.removeAll(gone);
            view = list;
        } finally {
            listLock.unlock();
        }
        gone.forEach(this::tellRemoved);
        return list;
    }

    private boolean isCurrent(MoRef list) {
        listLock.lock();
        try {
            return list.equals(view);
        } finally {
            listLock.unlock();
        }
    }

    private void dropList(MoRef list) {
        listLock.lock();
        try {
            view = null;
        } finally {
            listLock.unlock();
        }
        try {
            properties.destroyView(list);
        } catch (VCenterException e) {
            LOG.log(System.Logger.Level.DEBUG, "a list view is left behind; it ends with the session", e);
        }
    }

    private static Collector.FilterSpec filter(MoRef list) {
        var filter = Properties.filter("VirtualMachine", List.of(Inventory.VM_PATHS),
                Properties.throughView(list));
        filter.propSet.add(Properties.propertySpec("Task", List.of("info")));
        filter.propSet.add(Properties.propertySpec("HostSystem", List.of(ComputeInventory.HOST_PATHS)));
        filter.propSet.add(Properties.propertySpec("ClusterComputeResource", List.of("host")));
        return filter;
    }

    /// Applies updates to what is known and returns which objects they are about.
    private static Set<MoRef> apply(List<Collector.ObjectUpdate> updates,
            Map<MoRef, Map<String, Object>> known) {
        var touched = new LinkedHashSet<MoRef>();
        for (var update : updates) {
            if (update.obj == null) {
                continue;
            }
            var object = update.obj.toMoRef();
            touched.add(object);
            if ("leave".equals(update.kind)) {
                known.remove(object);
                continue;
            }
            var values = known.computeIfAbsent(object, _ -> new HashMap<>());
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

    /// What was told before a break and is not there any more has gone meanwhile.
    private void allTold(Set<MoRef> there) {
        List<MoRef> gone;
        telling.lock();
        try {
            gone = told.keySet().stream().filter(object -> !there.contains(object)).toList();
        } finally {
            telling.unlock();
        }
        gone.forEach(object -> tell(object, null));
        telling.lock();
        try {
            listener.upToDate();
        } finally {
            telling.unlock();
        }
    }

    private void tell(MoRef object, @Nullable Map<String, Object> values) {
        if (!isFollowed(object)) {
            return; // it was left meanwhile
        }
        if (values == null) {
            listLock.lock();
            try {
                followed.remove(object);
            } finally {
                listLock.unlock();
            }
            tellRemoved(object);
        } else {
            tellState(new Properties.Values(object, values));
        }
    }

    private void tellState(Properties.Values values) {
        var object = values.ref();
        switch (object.type()) {
            case "VirtualMachine" -> {
                var vm = Inventory.virtualMachine(values);
                tellIfNew(object, vm, () -> listener.changed(vm));
            }
            case "HostSystem" -> {
                var host = ComputeInventory.host(values);
                tellIfNew(object, host, () -> listener.changed(host));
            }
            case "ClusterComputeResource" -> {
                var hosts = ComputeInventory.hostsOf(values);
                tellIfNew(object, hosts, () -> listener.changed(object, hosts));
            }
            default -> {
                if (values.get("info") instanceof TaskInfo info) {
                    var status = TaskWait.status(object, info);
                    tellIfNew(object, status, () -> listener.changed(object, status));
                }
            }
        }
    }

    private boolean isFollowed(MoRef object) {
        listLock.lock();
        try {
            return followed.contains(object);
        } finally {
            listLock.unlock();
        }
    }

    private void tellRemoved(MoRef object) {
        telling.lock();
        try {
            told.remove(object);
            listener.removed(object);
        } finally {
            telling.unlock();
        }
    }

    private void tellIfNew(MoRef object, Object state, Runnable tell) {
        telling.lock();
        try {
            if (!state.equals(told.put(object, state))) {
                tell.run();
            }
        } finally {
            telling.unlock();
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
