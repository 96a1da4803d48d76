package org.vmfinalize.hydration;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The threads and buffers with which a server hydrates all its machines, and who is served next.
///
/// Each machine may have as many pieces under way as its [Priority] gives it, and there is always a share left for one that
/// comes while the backups of the others hang. The next piece goes to the machine that has got the least for its priority,
/// and in it to the disk with the least under way.
///
/// **Threads:** its own, named `hydrate-N`, made when there is work for them and ended when there was none for five
/// seconds, but for one that waits for the turn of a machine which must be slow. Each has one buffer of [#PIECE_BYTES].
/// They wait for a backup, a datastore and the pool's lock, and are never interrupted, since that would close files. Any
/// number of others may call.
public final class HydrationPool {

    /// What the server has: 32 pieces of 1 MiB at the same time, of which a machine alone gets 16. That keeps a disk, a
    /// place far away and the processors busy.
    public static final HydrationPool OF_SERVER = new HydrationPool(32);

    /// 1 MiB: large enough for a disk's full speed, small enough that a guest does not wait long for its range.
    static final int PIECE_BYTES = 1 << 20;

    /// The guest's side is looked at twice as often as it can change.
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int size;
    private final long idleNanos;
    private final boolean ownThreads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final List<MachineRun> machines = new ArrayList<>();

    @GuardedBy("lock")
    private int threads;

    @GuardedBy("lock")
    private int idle;

    @GuardedBy("lock")
    private int threadsMade;

    @GuardedBy("lock")
    private long waitNanos;

    /// @param size how many pieces may be under way, at least 2
    public HydrationPool(int size) {
        this(size, IDLE_NANOS, true);
    }

    /// @param idleNanos after how long without work a thread ends
    HydrationPool(int size, long idleNanos) {
        this(size, idleNanos, true);
    }

    /// @param ownThreads false for a test that asks who is next by itself
    HydrationPool(int size, boolean ownThreads) {
        this(size, IDLE_NANOS, ownThreads);
    }

    private HydrationPool(int size, long idleNanos, boolean ownThreads) {
        if (size < 2) {
            throw new IllegalArgumentException("size: must be at least 2 but was " + size);
        }
        this.size = size;
        this.idleNanos = idleNanos;
        this.ownThreads = ownThreads;
    }

    /// A piece's worth of work.
    record Turn(MachineRun machine, DiskRun disk) {}

    /// Works on a machine until nothing of it is left, or it failed, or was stopped.
    void run(MachineRun machine) {
        enter(machine);
        try {
            awaitEnd(machine);
        } finally {
            leave(machine);
        }
    }

    void enter(MachineRun machine) {
        lock.lock();
        try {
            double least = Double.MAX_VALUE;
            for (var other : machines) {
                least = Math.min(least, other.pace().served());
            }
            machine.begin(machines.isEmpty() ? 0 : least, System.nanoTime());
            machines.add(machine);
            startThreadIfNoneIsIdle();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitEnd(MachineRun machine) {
        boolean interrupted = false;
        lock.lock();
        try {
            while (!machine.isOver(System.nanoTime())) {
                try {
                    var _ = changed.awaitNanos(LONGEST_WAIT_NANOS);
                } catch (InterruptedException _) {
                    interrupted = true; // kept for the caller; what is under way must come to its end first
                }
            }
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(MachineRun machine) {
        lock.lock();
        try {
            machines.remove(machine);
            machine.end();
        } finally {
            lock.unlock();
        }
    }

    /// Lets those look again who wait, since a machine was stopped.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void startThreadIfNoneIsIdle() {
        if (ownThreads && idle == 0 && threads < size) {
            threads++;
            threadsMade++;
            Thread.ofPlatform().name("hydrate-" + threadsMade).daemon().start(this::work);
        }
    }

    private void work() {
        BackgroundPriority.take();
        var buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
        Turn last = null;
        for (var turn = next(last); turn != null; turn = next(turn)) {
            turn.disk().step(buffer, turn.machine());
            last = turn;
        }
    }

    /// Waits for a piece's worth of work.
    ///
    /// @param done what this thread has done before
    /// @return null if the thread is to end
    @Nullable
    Turn next(@Nullable Turn done) {
        lock.lock();
        try {
            if (done != null) {
                ended(done);
            }
            long idleUntil = System.nanoTime() + idleNanos;
            var turn = choose();
            while (turn == null && (System.nanoTime() < idleUntil || isNeeded())) {
                idle++;
                try {
                    var _ = changed.awaitNanos(machines.isEmpty() ? idleNanos : waitNanos);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt(); // nobody does; should it happen, it only looks more often
                } finally {
                    idle--;
                }
                turn = choose();
            }
            if (turn == null) {
                threads--;
            } else {
                begun(turn);
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }

    /// Whether nobody else waits for the turn of a machine that has work left: under a low limit it may come much later.
    @GuardedBy("lock")
    private boolean isNeeded() {
        return idle == 0 && machines.stream().anyMatch(machine -> machine.nextDisk() != null);
    }

    /// Who is next; if nobody, [#waitNanos] says how long.
    @GuardedBy("lock")
    private @Nullable Turn choose() {
        long now = System.nanoTime();
        waitNanos = LONGEST_WAIT_NANOS;
        machines.sort(Comparator.comparingDouble(machine -> machine.pace().served()));
        for (var machine : machines) {
            var disk = machine.underWay() < shareOf(machine) ? machine.nextDisk() : null;
            if (disk != null) {
                long left = machine.pace().waitNanos(now, machine.underWay());
                if (left <= 0) {
                    return new Turn(machine, disk);
                }
                waitNanos = Math.min(waitNanos, left);
            }
        }
        return null;
    }

    /// At least one; one share of normal size stays free.
    @GuardedBy("lock")
    private double shareOf(MachineRun machine) {
        double all = Priority.NORMAL.weight();
        for (var other : machines) {
            all += other.pace().weight();
        }
        return Math.max(1, size * machine.pace().weight() / all);
    }

    @GuardedBy("lock")
    private void begun(Turn turn) {
        turn.machine().pieceBegins(turn.disk());
        startThreadIfNoneIsIdle();
    }

    @GuardedBy("lock")
    private void ended(Turn turn) {
        turn.machine().pieceEnds(turn.disk());
        if (turn.machine().isOver(System.nanoTime())) {
            changed.signalAll();
        }
    }
}
