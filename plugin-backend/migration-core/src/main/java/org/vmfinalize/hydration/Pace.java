package org.vmfinalize.hydration;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.GuestWatch;
import org.vmfinalize.disk.LiveDisk;

/// How fast one machine is hydrated: as its settings allow, as its guest bears, and in which share of the server's work.
///
/// **Threads:** any number.
public final class Pace {

    /// More pieces under way are worth it when so many bytes a second are allowed for each: 16 MiB.
    private static final int BYTES_PER_PIECE_SHIFT = 24;

    /// How soon one who waits for his turn sees that it came earlier, or that he is to stop.
    private static final long LOOK_NANOS = 50_000_000;

    private static final long WINDOW_NANOS = 1_000_000_000;

    private final RateLimit limit;

    /// What the guest bears, as bytes a second.
    private final RateLimit bearable = new RateLimit(0);

    @GuardedBy("this")
    private PaceSettings settings;

    @GuardedBy("this")
    private @Nullable GuestGate gate;

    /// What was moved, divided by the weight: who has the least comes next.
    @GuardedBy("this")
    private double served;

    @GuardedBy("this")
    private Spent spent = new Spent(0);

    @GuardedBy("this")
    private LimitedBy limitedBy = LimitedBy.NOTHING;

    /// Where the time of one second went.
    private static final class Spent {
        private final long sinceNanos;
        private long reading;
        private long writing;
        private long heldByLimit;
        private long heldByGuest;
        private boolean remote;

        Spent(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }

        LimitedBy most() {
            if (heldByLimit > 0 && heldByLimit >= heldByGuest) {
                return LimitedBy.LIMIT;
            }
            if (heldByGuest > 0) {
                return LimitedBy.GUEST;
            }
            if (reading == 0 && writing == 0) {
                return LimitedBy.NOTHING;
            }
            if (writing > reading) {
                return LimitedBy.DATASTORE;
            }
            return remote ? LimitedBy.NETWORK : LimitedBy.BACKUP;
        }
    }

    public Pace(PaceSettings settings) {
        this.settings = settings;
        this.limit = new RateLimit(settings.bytesPerSecond());
    }

    /// What it goes by now.
    public synchronized PaceSettings settings() {
        return settings;
    }

    /// Changes what it goes by, at once.
    public synchronized void change(PaceSettings changed) {
        limit.change(changed.bytesPerSecond(), System.nanoTime());
        if (gate != null) {
            gate.changeGoal(changed.latencyGoal());
        }
        settings = changed;
    }

    /// What kept it from being faster during the last second.
    public synchronized LimitedBy limitedBy() {
        return limitedBy;
    }

    /// Begins to look after the guest of a machine that is hydrated from now on.
    ///
    /// @param served what others have been served: a newcomer does not get what it has not asked for
    synchronized void begin(List<GuestWatch> guests, double served, long nowNanos) {
        gate = new GuestGate(guests, settings.latencyGoal(), nowNanos);
        this.served = served;
        spent = new Spent(nowNanos);
    }

    /// Begins to look after the guest of disks that are read by one who shares nothing with others, until [#end()].
    public synchronized void beginReading(List<LiveDisk> disks) {
        begin(disks.stream().map(LiveDisk::guest).toList(), 0, System.nanoTime());
    }

    /// Waits until a piece may be read, as settings and guest allow, or the reader is wanted to stop.
    ///
    /// @param bytes at most 1 MiB
    public void awaitTurn(int bytes, BooleanSupplier stopWanted) {
        long wait = waitNanos(System.nanoTime(), 0);
        while (wait > 0 && !stopWanted.getAsBoolean()) {
            LockSupport.parkNanos(Math.min(wait, LOOK_NANOS));
            wait = waitNanos(System.nanoTime(), 0);
        }
        reserve();
        settle(bytes);
    }

    /// Ends what was begun.
    public synchronized void end() {
        gate = null;
        limitedBy = LimitedBy.NOTHING;
    }

    synchronized int weight() {
        return settings.priority().weight();
    }

    synchronized double served() {
        return served;
    }

    /// How long until the next piece may begin; 0 or less: now.
    ///
    /// @param underWay how many pieces of the machine are under way
    synchronized long waitNanos(long nowNanos, int underWay) {
        look(nowNanos);
        long waitForLimit = limit.waitNanos(nowNanos);
        if (waitForLimit > 0) {
            spent.heldByLimit++;
            return waitForLimit;
        }
        long rate = bearable.bytesPerSecond();
        if (rate > 0 && underWay > rate >> BYTES_PER_PIECE_SHIFT) {
            return Long.MAX_VALUE;
        }
        long waitForGuest = bearable.waitNanos(nowNanos);
        if (waitForGuest > 0) {
            spent.heldByGuest++;
        }
        return waitForGuest;
    }

    @GuardedBy("this")
    private void look(long nowNanos) {
        var guest = gate;
        if (guest != null) {
            guest.look(nowNanos);
            long rate = guest.bytesPerSecond() == GuestGate.FREE ? 0 : guest.bytesPerSecond();
            if (rate != bearable.bytesPerSecond()) {
                bearable.change(rate, nowNanos);
            }
        }
        if (nowNanos - spent.sinceNanos >= WINDOW_NANOS) {
            limitedBy = spent.most();
            spent = new Spent(nowNanos);
        }
    }

    /// Notes that a piece is begun, as if it had all the bytes that a piece can have: others that ask meanwhile must see it.
    synchronized void reserve() {
        long now = System.nanoTime();
        limit.charge(HydrationPool.PIECE_BYTES, now);
        bearable.charge(HydrationPool.PIECE_BYTES, now);
        served += share(HydrationPool.PIECE_BYTES);
    }

    /// Notes how many bytes the piece has that was begun; 0 if nothing is to be moved.
    synchronized void settle(long bytes) {
        long unused = HydrationPool.PIECE_BYTES - bytes;
        limit.refund(unused);
        bearable.refund(unused);
        served -= share(unused);
        if (gate != null) {
            gate.moving(bytes);
        }
    }

    @GuardedBy("this")
    private double share(long bytes) {
        return (double) bytes / settings.priority().weight();
    }

    /// Notes where a piece's time went.
    ///
    /// @param remote whether the backup lies behind a network
    synchronized void spent(long readingNanos, long writingNanos, boolean remote) {
        spent.reading += readingNanos;
        spent.writing += writingNanos;
        spent.remote = remote;
    }
}
