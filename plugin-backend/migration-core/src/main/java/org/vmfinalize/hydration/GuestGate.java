package org.vmfinalize.hydration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.disk.GuestWatch;
import org.vmfinalize.disk.LatencyCounts;

/// Finds how fast a machine can be hydrated without its guest feeling it.
///
/// It looks every tenth of a second. While the guest is idle nothing is held back. As soon as it works, hydration goes down
/// to [#FLOOR] for half a second, which tells how long the guest waits by itself; then its rate grows by a quarter at each
/// look, and is halved whenever more requests are slow than may be. From three quarters of the rate that was too much it
/// grows slowly, and faster the longer all is well. Every few seconds it holds still again, since guests change.
///
/// Not safe for threads: whoever shares out the work asks it.
final class GuestGate {

    /// Bytes a second that are moved whatever the guest feels, so that a finalization comes to its end: 4 MiB.
    static final long FLOOR = 4L << 20;

    /// What stands for "no limit".
    static final long FREE = 1L << 50;

    private static final long LOOK_NANOS = 100_000_000;
    private static final long IDLE_NANOS = 300_000_000;
    private static final long HOLD_NANOS = 500_000_000;
    private static final long HOLD_EVERY_NANOS = 5_000_000_000L;
    private static final long LONGEST_LOOK_NANOS = 1_000_000_000;
    private static final long STALL_TOLD_NANOS = 5_000_000_000L;
    private static final double QUICK_GROWTH = 1.25;
    private static final double SLOW_GROWTH_A_SECOND = 0.003;
    private static final int ENOUGH_REQUESTS = 50;

    /// Of 100 requests, so many may take longer than what 99 of 100 do.
    private static final double MAY_BE_SLOW = 0.02;

    /// How much longer than by itself a guest may wait if nobody has set a goal.
    private static final double TOLERANCE = 1.25;
    private static final long LEAST_NANOS = 1_000_000;

    private final List<GuestWatch> guests;
    private final Baseline local = new Baseline();
    private final Baseline missed = new Baseline();
    private Optional<Duration> goal;
    private long rate = FREE;
    private long rateBeforeHold = FLOOR;

    /// Up to where the rate may grow quickly.
    private long ceiling = FREE;

    private long slowSinceNanos;
    private long lookNanos;
    private long holdUntilNanos;
    private long nextHoldNanos;
    private long moved;

    /// One kind of request: what was seen up to the last look, and how long the guest waits without hydration.
    private static final class Baseline {
        private LatencyCounts seen = LatencyCounts.NONE;
        private LatencyCounts held = LatencyCounts.NONE;
        private Duration quiet = Duration.ZERO;

        void settle() {
            var now = held.quantile(0.99);
            if (held.total() > 0) {
                quiet = quiet.isZero() ? now : quiet.plus(now).dividedBy(2);
            }
            held = LatencyCounts.NONE;
        }
    }

    /// @param guests of all disks of the machine
    GuestGate(List<GuestWatch> guests, Optional<Duration> goal, long nowNanos) {
        this.guests = List.copyOf(guests);
        this.goal = goal;
        this.lookNanos = nowNanos;
        local.seen = localNow();
        missed.seen = missedNow();
        if (!isIdle(nowNanos)) {
            hold(nowNanos);
        }
    }

    void changeGoal(Optional<Duration> newGoal) {
        goal = newGoal;
    }

    /// Bytes a second that may be moved now; [#FREE] while the guest is idle.
    long bytesPerSecond() {
        return rate;
    }

    /// Notes that bytes are being moved.
    void moving(long bytes) {
        moved += bytes;
    }

    /// Looks at what the guest felt since the last look, if it is time to.
    void look(long nowNanos) {
        long passed = nowNanos - lookNanos;
        if (passed < LOOK_NANOS) {
            return;
        }
        if (isIdle(nowNanos)) {
            rate = FREE;
            restart(nowNanos);
            return;
        }
        var localNew = localNow().since(local.seen);
        var missedNew = missedNow().since(missed.seen);
        boolean hurt = isSlow(local, localNew) || isSlow(missed, missedNew) || isStalled(nowNanos);
        boolean enough = localNew.total() + missedNew.total() >= ENOUGH_REQUESTS;
        if (!hurt && !enough && passed < LONGEST_LOOK_NANOS && rate < FREE && !isHolding(nowNanos)) {
            return;
        }
        if (rate == FREE) {
            hold(nowNanos);
        } else if (isHolding(nowNanos)) {
            keep(nowNanos, localNew, missedNew);
        } else if (hurt) {
            slowDown(nowNanos, Math.min(rate, perSecond(passed)));
        } else if (nowNanos >= nextHoldNanos && rate > FLOOR) {
            hold(nowNanos);
        } else {
            speedUp(nowNanos, perSecond(passed));
        }
        restart(nowNanos);
    }

    private void slowDown(long nowNanos, long used) {
        ceiling = Math.max(FLOOR, used / 4 * 3);
        slowSinceNanos = nowNanos;
        rate = Math.max(FLOOR, used / 2);
    }

    private void speedUp(long nowNanos, long used) {
        double grown;
        if (rate < ceiling) {
            grown = Math.min(rate * QUICK_GROWTH, (double) ceiling);
        } else {
            double seconds = (nowNanos - slowSinceNanos) / 1e9;
            grown = rate * Math.min(QUICK_GROWTH, 1 + SLOW_GROWTH_A_SECOND * seconds);
            ceiling = (long) grown;
        }
        // Not more than twice of what is moved: a rate that is not used says nothing of what the guest would feel.
        rate = Math.max(FLOOR, Math.min((long) grown, Math.max(2 * FLOOR, 2 * used)));
    }

    private void keep(long nowNanos, LatencyCounts localNew, LatencyCounts missedNew) {
        // What was under way when the hold began still counts as hydration.
        if (holdUntilNanos - nowNanos < HOLD_NANOS - LOOK_NANOS) {
            local.held = local.held.and(localNew);
            missed.held = missed.held.and(missedNew);
        }
        if (holdUntilNanos - nowNanos <= LOOK_NANOS) {
            local.settle();
            missed.settle();
            holdUntilNanos = nowNanos;
            nextHoldNanos = nowNanos + HOLD_EVERY_NANOS;
            rate = rateBeforeHold;
        }
    }

    private void hold(long nowNanos) {
        rateBeforeHold = rate == FREE ? 2 * FLOOR : rate;
        rate = FLOOR;
        holdUntilNanos = nowNanos + HOLD_NANOS;
    }

    private boolean isHolding(long nowNanos) {
        return nowNanos < holdUntilNanos;
    }

    private void restart(long nowNanos) {
        lookNanos = nowNanos;
        moved = 0;
        local.seen = localNow();
        missed.seen = missedNow();
    }

    private long perSecond(long passedNanos) {
        return (long) (moved * 1e9 / passedNanos);
    }

    private boolean isSlow(Baseline kind, LatencyCounts counts) {
        long slow = counts.over(allowed(kind));
        return slow >= 2 && slow > counts.total() * MAY_BE_SLOW;
    }

    /// Less than the guest waits by itself cannot be reached by holding back.
    private Duration allowed(Baseline kind) {
        var byItself = Duration.ofNanos(Math.max(LEAST_NANOS, (long) (kind.quiet.toNanos() * TOLERANCE)));
        if (goal.isPresent()) {
            return byItself.compareTo(goal.get()) > 0 ? byItself : goal.get();
        }
        return kind.quiet.isZero() ? PaceSettings.DEFAULT_GOAL : byItself;
    }

    /// Whether a request waits for an answer longer than may be, and none came since.
    private boolean isStalled(long nowNanos) {
        long limit = Math.max(LOOK_NANOS, allowed(local).toNanos());
        return guests.stream().anyMatch(guest -> guest.lastAnswerNanos() < guest.lastArrivalNanos()
                && nowNanos - guest.lastArrivalNanos() > limit
                && nowNanos - guest.lastArrivalNanos() < STALL_TOLD_NANOS);
    }

    private boolean isIdle(long nowNanos) {
        return guests.stream().allMatch(guest -> nowNanos - guest.lastArrivalNanos() > IDLE_NANOS)
                && !isStalled(nowNanos);
    }

    private LatencyCounts localNow() {
        return guests.stream().map(GuestWatch::localCounts).reduce(LatencyCounts.NONE, LatencyCounts::and);
    }

    private LatencyCounts missedNow() {
        return guests.stream().map(GuestWatch::missedCounts).reduce(LatencyCounts.NONE, LatencyCounts::and);
    }
}
