package org.vmfinalize.server.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The newest events, numbered from 1 on without gaps.
///
/// **Threads:** any number.
final class EventRing {

    private final int mostEvents;
    private final long mostCharacters;

    @GuardedBy("this")
    private final Deque<Event> events = new ArrayDeque<>();

    @GuardedBy("this")
    private long characters;

    @GuardedBy("this")
    private long last;

    /// @param mostCharacters of all events together
    EventRing(int mostEvents, long mostCharacters) {
        this.mostEvents = mostEvents;
        this.mostCharacters = mostCharacters;
    }

    /// An event.
    ///
    /// @param vm the machine that it is about; empty: about none
    /// @param data JSON
    record Event(long number, String type, String vm, String data) {}

    synchronized void add(String type, String vm, String data) {
        events.addLast(new Event(++last, type, vm, data));
        characters += data.length();
        while (events.size() > mostEvents || (characters > mostCharacters && events.size() > 1)) {
            characters -= events.removeFirst().data().length();
        }
        notifyAll();
    }

    /// The number of the newest event; 0 before the first.
    synchronized long last() {
        return last;
    }

    /// Whether all events after that number are still there.
    synchronized boolean reachesBackTo(long number) {
        return number <= last && number >= last - events.size();
    }

    /// The events after that number, once there is one, or none after `patience`.
    synchronized List<Event> after(long number, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); last <= number && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return events.stream().filter(event -> event.number() > number).toList();
    }
}
