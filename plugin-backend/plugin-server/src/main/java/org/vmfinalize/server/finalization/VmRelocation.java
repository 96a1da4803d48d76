package org.vmfinalize.server.finalization;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.Relocation.DiskForm;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualDisk;

/// Has vCenter move a machine to another datastore, and follows that.
///
/// Every step is written down before it is taken. Whoever goes on after a restart looks first whether all disks are there
/// already, then for a task of vCenter that moves the machine, and only then asks vCenter, again.
///
/// vCenter may be away meanwhile; what it forgot is asked for once more, but not for ever.
///
/// **Threads:** [#tick()] one; the others any.
final class VmRelocation {

    private static final Logger LOG = LoggerFactory.getLogger(VmRelocation.class);

    private static final int MOST_ASKED = 3;

    private final ServiceAccount vcenter;
    private final MoRef vm;
    private final Consumer<Move> written;
    private final GrowingPause pause;

    private volatile Move move;
    private volatile int percent;
    private volatile boolean cancelled;
    private volatile @Nullable String trouble;
    private boolean cancelAsked;

    /// @param written writes each step down before it is taken
    VmRelocation(ServiceAccount vcenter, MoRef vm, Move move, Consumer<Move> written, Clock clock) {
        this.vcenter = vcenter;
        this.vm = vm;
        this.move = move;
        this.written = written;
        this.pause = new GrowingPause(clock);
    }

    Move move() {
        return move;
    }

    int percent() {
        return move.step() == Move.Step.MOVED ? 100 : percent;
    }

    /// Why vCenter cannot be asked at the moment, if so.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /// Has vCenter stop it; the machine stays where it is then, unless it was too late.
    void cancel() {
        cancelled = true;
    }

    /// Goes on as far as can be done without waiting.
    ///
    /// @return whether it is over
    boolean tick() {
        if (move.hasEnded()) {
            return true;
        }
        if (!pause.isOver()) {
            return false;
        }
        try {
            step();
            trouble = null;
            pause.reset();
        } catch (VCenterFault fault) {
            end(Move.Step.FAILED, fault.text());
        } catch (VCenterException | Problem e) {
            if (trouble == null) {
                LOG.warn("{}: its move to datastore {} cannot be followed now: {}", vm, move.name(),
                        e.getMessage());
            }
            trouble = e.getMessage();
            pause.begin();
        }
        return move.hasEnded();
    }

    private void step() {
        if (move.step() == Move.Step.WAITING) {
            if (cancelled) {
                end(Move.Step.CANCELLED, "it was cancelled before it was begun");
            } else {
                ask();
            }
            return;
        }
        var task = move.task();
        if (task == null) {
            findAgain();
        } else {
            follow(new MoRef("Task", task));
        }
    }

    private void ask() {
        if (move.asked() == MOST_ASKED) {
            end(Move.Step.FAILED,
                    "vCenter was asked %d times and has not kept the task".formatted(MOST_ASKED));
            return;
        }
        // Read before it is written down that vCenter is asked: what fails here has changed nothing.
        var relocation = relocation();
        write(move.asking());
        LOG.info("{}: vCenter is asked to move it to datastore {}", vm, move.name());
        write(move.with(vcenter.ask(session -> session.relocate(vm, relocation))));
    }

    private Relocation relocation() {
        var disks = vcenter.ask(session -> session.disks(vm)).stream()
                .map(disk -> new Relocation.Disk(disk.key(), form(move.of(name(disk))))).toList();
        return new Relocation(move.ref(), disks);
    }

    private static String name(VirtualDisk disk) {
        return disk.fileName().replaceFirst("^.*[/ ]", "").replaceFirst("\\.vmdk$", "");
    }

    private static DiskForm form(Provisioning provisioning) {
        return switch (provisioning) {
            case THIN -> DiskForm.THIN;
            case THICK -> DiskForm.THICK_LAZY_ZEROED;
            case EAGER_THICK -> DiskForm.THICK_EAGER_ZEROED;
        };
    }

    /// What was asked for may be done, may be under way, or may never have reached vCenter.
    private void findAgain() {
        if (missing().isEmpty()) {
            end(Move.Step.MOVED, null);
            return;
        }
        var underWay = vcenter.ask(session -> session.relocationOf(vm));
        if (underWay.isPresent()) {
            LOG.info("{}: vCenter's task {} moves it", vm, underWay.get().value());
            write(move.with(underWay.get()));
        } else if (cancelled) {
            end(Move.Step.CANCELLED, "it was cancelled");
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
        TaskStatus status;
        try {
            status = vcenter.ask(session -> session.taskStatus(task));
        } catch (VCenterFault fault) {
            if (!fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw fault;
            }
            findAgain(); // vCenter was restarted, or has forgotten a task that was over
            return;
        }
        percent = status.percent();
        switch (status.state()) {
            case UNDER_WAY -> {
            }
            case SUCCEEDED -> succeeded();
            case FAILED -> end(status.isCancelled() ? Move.Step.CANCELLED : Move.Step.FAILED,
                    status.failure().map(VCenterFault::text).orElse("vCenter does not say why"));
        }
    }

    private void succeeded() {
        var missing = missing();
        if (missing.isEmpty()) {
            end(Move.Step.MOVED, null);
        } else {
            end(Move.Step.FAILED, "vCenter says that it was moved, but " + missing);
        }
    }

    /// Which disks are not there; empty if all are. What it has left behind may be deleted on the strength of that, so disks
    /// that vCenter does not show are not there.
    private String missing() {
        // It may have another name by now.
        var name = vcenter.ask(session -> session.datastores()).stream()
                .filter(known -> known.ref().equals(move.ref())).map(Datastore::name).findFirst()
                .orElse(move.name());
        var files = vcenter.ask(session -> session.disks(vm)).stream().map(VirtualDisk::fileName)
                .filter(file -> !file.isEmpty()).toList();
        var elsewhere = files.stream().filter(file -> !DatastorePath.parse(file).datastore().equals(name))
                .toList();
        if (!elsewhere.isEmpty()) {
            return "these disks are not there: " + String.join(", ", elsewhere);
        }
        return files.size() < move.disks()
                ? "it shows %d disks instead of %d".formatted(files.size(), move.disks())
                : "";
    }

    private void end(Move.Step how, @Nullable String why) {
        LOG.info("{}: move to datastore {}: {}{}", vm, move.name(), how, why == null ? "" : ": " + why);
        write(move.ended(how, why));
    }

    private void write(Move next) {
        written.accept(next);
        move = next;
    }
}
