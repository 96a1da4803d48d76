package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vmfinalize.disk.GuestWatch;

/// A guest that asks once a millisecond, on a clock of its own, and has to wait once hydration is too fast for it.
class GuestGateTest {

    private static final long MS = 1_000_000;
    private static final long MB = 1_000_000;
    private static final long FASTEST = 500 * MB;

    private final AtomicLong clock = new AtomicLong(1L << 40);
    private final GuestWatch guest = new GuestWatch(clock::get);
    private long moved;
    private long slow;

    private GuestGate gate(Optional<Duration> goal) {
        return new GuestGate(List.of(guest), goal, clock.get());
    }

    /// @param bearable bytes a second above which the guest waits `slowMillis` instead of 2 ms
    private void work(GuestGate gate, int millis, long bearable, long slowMillis) {
        for (int i = 0; i < millis; i++) {
            clock.addAndGet(MS);
            long rate = Math.min(FASTEST, gate.bytesPerSecond());
            gate.moving(rate / 1000);
            moved += rate / 1000;
            boolean waits = rate > bearable;
            slow += waits ? 1 : 0;
            guest.asks(false).accept(clock.get() - (waits ? slowMillis : 2) * MS);
            gate.look(clock.get());
        }
    }

    private void rest(GuestGate gate, int millis) {
        for (int i = 0; i < millis; i++) {
            clock.addAndGet(MS);
            gate.look(clock.get());
        }
    }

    @Test
    void takesAllThereIsWhileTheGuestIsIdle() {
        var gate = gate(Optional.empty());
        rest(gate, 1000);
        assertThat(gate.bytesPerSecond()).isEqualTo(GuestGate.FREE);

        work(gate, 500, 10 * MB, 30);
        assertThat(gate.bytesPerSecond()).isLessThan(GuestGate.FREE);

        rest(gate, 500);
        assertThat(gate.bytesPerSecond()).isEqualTo(GuestGate.FREE);
    }

    @Test
    void findsWhatTheGuestBears() {
        work(gate(Optional.empty()), 1, FASTEST, 30);
        var gate = gate(Optional.empty());
        work(gate, 60_000, 100 * MB, 30);

        assertThat(slow).as("of 60 000 requests").isLessThan(6_000);
        assertThat(moved / 60).as("bytes a second, of 100 MB that can be borne").isGreaterThan(30 * MB);
    }

    @Test
    void givesWayInLessThanASecond() {
        work(gate(Optional.empty()), 1, FASTEST, 30);
        var gate = gate(Optional.empty());
        work(gate, 20_000, 200 * MB, 30);

        work(gate, 1_000, 10 * MB, 30);

        assertThat(gate.bytesPerSecond()).isLessThan(20 * MB);
    }

    @Test
    void movesTheLeastHoweverSlowTheGuestIs() {
        work(gate(Optional.empty()), 1, FASTEST, 30);
        var gate = gate(Optional.empty());
        work(gate, 10_000, GuestGate.FLOOR, 400);

        assertThat(moved).isBetween(10 * GuestGate.FLOOR * 9 / 10, 40 * GuestGate.FLOOR);
    }

    @Test
    void aGoalThatWasSetAllowsThatMuch() {
        work(gate(Optional.empty()), 1, FASTEST, 30);
        var gate = gate(Optional.of(Duration.ofMillis(50)));
        work(gate, 10_000, 10 * MB, 30);

        assertThat(gate.bytesPerSecond()).isGreaterThan(200 * MB);
    }

    @Test
    void aRequestThatIsNotAnsweredIsSlow() {
        work(gate(Optional.empty()), 1, FASTEST, 30);
        var gate = gate(Optional.empty());
        work(gate, 9_000, FASTEST, 30);
        long before = gate.bytesPerSecond();

        clock.addAndGet(MS);
        var _ = guest.asks(false);
        for (int i = 0; i < 1_000; i++) {
            clock.addAndGet(MS);
            gate.moving(before / 1000);
            gate.look(clock.get());
        }

        assertThat(gate.bytesPerSecond()).isLessThan(before / 4);
    }
}
