package org.vmfinalize.server.finalization;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VCenterWatch;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;

/// Has vCenter do something in a task of its own, and follows that.
///
/// Every step is written down before it is taken. Whoever goes on after a restart looks first whether it is done already,
/// then for a task that does it, and only then asks vCenter, again.
///
/// How far the task is comes from the server's one watch: nothing is asked while it runs.
///
/// vCenter may be away meanwhile; what it forgot is asked for once more, but not for ever.
///
/// **Threads:** [#tick()] one; the others any.
final class FollowedTask {

    private static final Logger LOG = LoggerFactory.getLogger(FollowedTask.class);

    private static final int MOST_ASKED = 3;

    private final ServiceAccount vcenter;
    private final VCenterWatch watch;
    private final MoRef vm;
    private final VCenterWork work;
    private final Consumer<VCenterStep> written;
    private final GrowingPause pause;

    private volatile VCenterStep step;
    private volatile int percent;
    private volatile boolean cancelled;
    private volatile @Nullable String trouble;
    private boolean cancelAsked;

    /// @param written writes each step down before it is taken
    FollowedTask(ServiceAccount vcenter, VCenterWatch watch, MoRef vm, VCenterWork work, VCenterStep step,
            Consumer<VCenterStep> written, Clock clock) {
        this.vcenter = vcenter;
        this.watch = watch;
        this.vm = vm;
        this.work = work;
        this.step = step;
        this.written = written;
        this.pause = new GrowingPause(clock);
    }

    VCenterStep step() {
        return step;
    }

    int percent() {
        return step.state() == VCenterStep.State.DONE ? 100 : percent;
    }

    /// Why vCenter cannot be asked at the moment, if so.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /// Has vCenter stop it, unless it is too late.
    void cancel() {
        cancelled = true;
    }

    /// Goes on as far as can be done without waiting.
    ///
    /// @return whether it is over
    boolean tick() {
        if (step.hasEnded()) {
            return true;
        }
        if (!pause.isOver()) {
            return false;
        }
        try {
            goOn();
            trouble = null;
            pause.reset();
        } catch (VCenterFault fault) {
            end(VCenterStep.State.FAILED, reason(fault));
        } catch (VCenterException | Problem e) {
            if (trouble == null) {
                LOG.warn("{}: {}: it cannot be followed now: {}", vm, work.what(), e.getMessage());
            }
            trouble = e.getMessage();
            pause.begin();
        }
        return step.hasEnded();
    }

    private String reason(VCenterFault fault) {
        return fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND) && fault.detail().equals(vm.value())
                ? "the machine is not in vCenter's inventory any more; register it there again first, or discard it"
                : fault.text();
    }

    private void goOn() {
        if (step.state() == VCenterStep.State.WAITING) {
            if (cancelled) {
                end(VCenterStep.State.CANCELLED, "it was cancelled before it was begun");
            } else {
                ask();
            }
            return;
        }
        var task = step.task();
        if (task == null) {
            findAgain();
        } else {
            follow(new MoRef("Task", task));
        }
    }

    private void ask() {
        if (step.asked() == MOST_ASKED) {
            end(VCenterStep.State.FAILED,
                    "vCenter was asked %d times and has not kept the task".formatted(MOST_ASKED));
            return;
        }
        // What fails here has changed nothing.
        var order = work.prepare();
        write(step.asking());
        LOG.info("{}: vCenter is asked: {}", vm, work.what());
        write(step.with(order.begin()));
    }

    /// What was asked for may be done, may be under way, or may never have reached vCenter.
    private void findAgain() {
        if (work.missing().isEmpty()) {
            end(VCenterStep.State.DONE, null);
            return;
        }
        var underWay = work.underWay();
        if (underWay.isPresent()) {
            LOG.info("{}: {}: vCenter's task {} does it", vm, work.what(), underWay.get().value());
            write(step.with(underWay.get()));
        } else if (cancelled) {
            end(VCenterStep.State.CANCELLED, "it was cancelled");
        } else {
            ask();
        }
    }

    private void follow(MoRef task) {
        if (cancelled && !cancelAsked) {
            vcenter.ask(session -> {
                session.cancelTask(task);
                return task;
            });
            cancelAsked = true;
        }
        Optional<TaskStatus> told;
        try {
            told = watch.task(task);
        } catch (VCenterFault fault) {
            if (!fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw fault;
            }
            watch.leave(task);
            findAgain(); // vCenter was restarted, or has forgotten a task that was over
            return;
        }
        if (told.isEmpty()) {
            return;
        }
        var status = told.get();
        percent = status.percent();
        switch (status.state()) {
            case UNDER_WAY -> {
            }
            case SUCCEEDED -> succeeded();
            case FAILED -> end(status.isCancelled() ? VCenterStep.State.CANCELLED : VCenterStep.State.FAILED,
                    status.failure().map(VCenterFault::text).orElse("vCenter does not say why"));
        }
    }

    private void succeeded() {
        var missing = work.missing();
        if (missing.isEmpty()) {
            end(VCenterStep.State.DONE, null);
        } else {
            end(VCenterStep.State.FAILED, "vCenter says that it is done, but " + missing);
        }
    }

    private void end(VCenterStep.State how, @Nullable String why) {
        var task = step.task();
        if (task != null) {
            watch.leave(new MoRef("Task", task));
        }
        LOG.info("{}: {}: {}{}", vm, work.what(), how, why == null ? "" : ": " + why);
        write(step.ended(how, why));
    }

    private void write(VCenterStep next) {
        written.accept(next);
        step = next;
    }
}
