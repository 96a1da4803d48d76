package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// All objects of the lab's vCenter, and the one lock that guards them and everything that they contain.
///
/// Each method of the API runs under the lock, so that nobody sees half a change; only a wait for changes gives it up.
final class World {

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private final Map<String, ManagedObject> objects = new LinkedHashMap<>();
    private int lastId = 50;

    /// Does something that nobody else may see half of.
    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void locked(Runnable work) {
        locked(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /// A reference that was not used before, such as `vm-51`.
    Ref newRef(String type, String prefix) {
        return new Ref(type, prefix + "-" + ++lastId);
    }

    <T extends ManagedObject> T add(T object) {
        objects.put(object.ref().id(), object);
        notifyChanged();
        return object;
    }

    void remove(Ref ref) {
        objects.remove(ref.id());
        notifyChanged();
    }

    /// Tells those who wait that something may look otherwise now.
    void notifyChanged() {
        changed.signalAll();
    }

    /// Looks until there is something to be seen, giving up the lock between two looks until something has changed.
    ///
    /// @return what was seen; empty if the time was over first
    <T> Optional<T> await(long nanos, Supplier<Optional<T>> look) {
        long left = nanos;
        var seen = look.get();
        while (seen.isEmpty() && left > 0) {
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabFault("RequestCanceled", "The server is going down.");
            }
            seen = look.get();
        }
        return seen;
    }

    Optional<ManagedObject> find(Ref ref) {
        return Optional.ofNullable(objects.get(ref.id())).filter(object -> object.ref().equals(ref));
    }

    /// @throws LabFault ManagedObjectNotFound
    ManagedObject get(Ref ref) {
        return find(ref).orElseThrow(() -> LabFault.notFound(ref));
    }

    /// @throws LabFault ManagedObjectNotFound if it is not there, or something else
    <T extends ManagedObject> T get(Ref ref, Class<T> type) {
        return find(ref).filter(type::isInstance).map(type::cast).orElseThrow(() -> LabFault.notFound(ref));
    }

    <T> List<T> all(Class<T> type) {
        return objects.values().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// The objects of some types below a container, in the order of their making. No types: all.
    List<Ref> below(Ref container, List<String> types) {
        var found = new ArrayList<Ref>();
        var known = new HashMap<Ref, Boolean>();
        for (var object : objects.values()) {
            if ((types.isEmpty() || types.contains(object.ref().type()))
                    && parent(object.ref()).filter(above -> isIn(above, container, known)).isPresent()) {
                found.add(object.ref());
            }
        }
        return found;
    }

    /// @param known what was found before: to look at a folder costs as much as all that is in it
    private boolean isIn(Ref ref, Ref container, Map<Ref, Boolean> known) {
        if (ref.equals(container)) {
            return true;
        }
        var before = known.get(ref);
        if (before != null) {
            return before;
        }
        boolean is = parent(ref).filter(above -> isIn(above, container, known)).isPresent();
        known.put(ref, is);
        return is;
    }

    private Optional<Ref> parent(Ref ref) {
        return find(ref).flatMap(object -> object.properties().get("parent") instanceof Ref parent
                ? Optional.of(parent)
                : Optional.empty());
    }

    static long nanos(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
