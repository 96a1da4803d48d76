package org.vmfinalize.vcenter.soap;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;
import org.vmfinalize.vcenter.soap.vim.Tasks.TaskInfo;

/// Starts tasks in vCenter and waits for their end.
final class TaskWait {

    private final Session session;
    private final Services services;

    TaskWait(Session session, Services services) {
        this.session = session;
        this.services = services;
    }

    /// Starts the task that `call` asks for and waits until it has ended.
    ///
    /// @return what it says of itself after its good end
    /// @throws VCenterFault by which the task ended
    TaskInfo run(Call call) {
        var task = session.changing(() -> session.sendForOne(call, ManagedObjectReference.class)).toMoRef();
        var info = session.reading(() -> untilOver(task, call));
        if ("success".equals(info.state)) {
            return info;
        }
        throw FaultReader.of(info.error, call.toString());
    }

    /// What a task's information says.
    static TaskStatus status(MoRef task, TaskInfo info) {
        int percent = info.progress == null ? 0 : Math.clamp(info.progress, 0, 100);
        boolean cancelAsked = Boolean.TRUE.equals(info.cancelled);
        if ("success".equals(info.state)) {
            return new TaskStatus(TaskStatus.State.SUCCEEDED, 100, cancelAsked, Optional.empty());
        }
        return "error".equals(info.state)
                ? new TaskStatus(TaskStatus.State.FAILED, percent, cancelAsked,
                        Optional.of(FaultReader.of(info.error, task.value())))
                : new TaskStatus(TaskStatus.State.UNDER_WAY, percent, cancelAsked, Optional.empty());
    }

    void cancel(MoRef task) {
        try {
            session.changing(() -> session.send(Call.of("CancelTask", task), Object.class));
        } catch (VCenterFault e) {
            boolean tooLate = e.is(VCenterFault.INVALID_STATE) || e.is("NotSupported")
                    || e.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND);
            if (!tooLate) {
                throw e;
            }
        }
    }

    private TaskInfo untilOver(MoRef task, Call call) {
        long deadline = System.nanoTime() + session.limits().task().toNanos();
        var filter = Properties.filter("Task", List.of("info"), Properties.objectSpec(task));
        try (var changes = Changes.of(session, services, filter)) {
            while (true) {
                var left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative()) {
                    throw new VCenterUnavailableException("%s: vCenter's task %s has not ended within %d s"
                            .formatted(call, task.value(), session.limits().task().toSeconds()), true, null);
                }
                var poll = session.limits().poll();
                for (var update : changes.next(left.compareTo(poll) < 0 ? left : poll)) {
                    for (var change : update.changeSet) {
                        if (change.val instanceof TaskInfo info && isOver(info)) {
                            return info;
                        }
                    }
                }
            }
        }
    }

    private static boolean isOver(TaskInfo info) {
        return "success".equals(info.state) || "error".equals(info.state);
    }
}
