package org.vmfinalize.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts and times the reads of a backup disk that fail or are not answered, and tells of them in the log: at the first
/// failure of a place, whenever the number of failures has doubled, and when it can be read again.
///
/// **Threads:** any number.
final class ReadWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ReadWatch.class);

    /// Places that are remembered; a backup that is away fails everywhere, and one place tells it.
    private static final int MAX_PLACES = 64;

    /// A read that takes longer is worth a word.
    private static final Duration SLOW = Duration.ofSeconds(10);

    private final String disk;
    private final String location;
    private final Map<Long, Failing> failing = new ConcurrentHashMap<>();
    private final Set<Reading> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicLong failures = new AtomicLong();

    ReadWatch(String disk, String location) {
        this.disk = disk;
        this.location = location;
    }

    /// A read that has begun. It is told from others by what it is.
    static final class Reading {
        private final long position;
        private final int length;
        private final long began = System.nanoTime();

        private Reading(long position, int length) {
            this.position = position;
            this.length = length;
        }
    }

    private record Failing(long sinceNanos, long attempts, String reason) {}

    Reading begin(long position, int length) {
        var reading = new Reading(position, length);
        underWay.add(reading);
        return reading;
    }

    void succeeded(Reading reading) {
        underWay.remove(reading);
        if (!failing.isEmpty()) {
            long end = reading.position + reading.length;
            failing.forEach((position, what) -> {
                if (position >= reading.position && position < end && failing.remove(position, what)) {
                    LOG.info("disk {}: backup {}: byte {} can be read again, after {} attempts over {} s",
                            disk,
                            location, position, what.attempts, secondsSince(what.sinceNanos));
                }
            });
        }
    }

    void failed(Reading reading, IOException cause) {
        underWay.remove(reading);
        failures.incrementAndGet();
        if (failing.size() >= MAX_PLACES && !failing.containsKey(reading.position)) {
            return;
        }
        var now = failing.compute(reading.position,
                (_, old) -> new Failing(old == null ? reading.began : old.sinceNanos,
                        old == null ? 1 : old.attempts + 1, String.valueOf(cause.getMessage())));
        if (Long.bitCount(now.attempts) == 1) {
            LOG.warn("{}; it is tried again", trouble(reading.position, now).text());
        }
    }

    /// How many reads have failed since the disk was opened.
    long failures() {
        return failures.get();
    }

    /// What has been going wrong for longest.
    Optional<BackupTrouble> trouble() {
        var worst = failing.entrySet().stream().min(Comparator.comparingLong(e -> e.getValue().sinceNanos))
                .map(e -> trouble(e.getKey(), e.getValue()));
        return worst.or(() -> underWay.stream().min(Comparator.comparingLong(reading -> reading.began))
                .filter(reading -> System.nanoTime() - reading.began > SLOW.toNanos())
                .map(reading -> new BackupTrouble(disk, location, reading.position,
                        Duration.ofNanos(System.nanoTime() - reading.began), 0, "")));
    }

    private BackupTrouble trouble(long position, Failing what) {
        return new BackupTrouble(disk, location, position,
                Duration.ofNanos(System.nanoTime() - what.sinceNanos),
                what.attempts, what.reason);
    }

    private static long secondsSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }
}
