package org.vmfinalize.lab.vcenter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// Makes tasks and does the work of vCenter's own ones, one after the other.
///
/// **Threads:** owns one virtual thread, which waits for tasks to do; closing stops it. The rest is guarded by the lock of
/// the [World].
final class Tasks implements AutoCloseable {

    private static final int KEPT = 200;

    private final World world;
    private final Deque<LabTask> recent = new ArrayDeque<>();
    private final ExecutorService worker = Executors
            .newSingleThreadExecutor(Thread.ofVirtual().name("lab-vcenter-tasks").factory());

    Tasks(World world) {
        this.world = world;
    }

    /// Queues a task of vCenter's own, whose work is done under the lock.
    ///
    /// @param work  may throw [LabFault], by which the task then ends
    /// @param after done without the lock after the task's good end
    Ref start(String method, String descriptionId, Ref entity, LabUser user, Supplier<@Nullable Value> work,
            Runnable after) {
        var task = add(method, descriptionId, entity, user.apiName(), false);
        worker.execute(() -> {
            boolean done = world.locked(() -> perform(task, work));
            if (done) {
                after.run();
            }
        });
        return task.ref();
    }

    private boolean perform(LabTask task, Supplier<@Nullable Value> work) {
        task.run();
        try {
            task.succeed(work.get());
            return true;
        } catch (LabFault e) {
            task.fail(e.localized());
            return false;
        } finally {
            world.notifyChanged();
        }
    }

    /// Makes a task whose work somebody else does.
    ///
    /// @param initiator whom the list of tasks names
    LabTask add(@Nullable String method, String descriptionId, Ref entity, String initiator,
            boolean cancelable) {
        var task = new LabTask(world.newRef("Task", "task"), method, descriptionId, entity, nameOf(entity),
                initiator, cancelable);
        recent.addLast(world.add(task));
        while (recent.size() > KEPT && recent.getFirst().isOver()) {
            world.remove(recent.removeFirst().ref());
        }
        return task;
    }

    /// The newest first.
    List<LabTask> recent() {
        return new ArrayList<>(recent).reversed();
    }

    private String nameOf(Ref entity) {
        return EntityName.shown(world.get(entity).properties().text("name"));
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
