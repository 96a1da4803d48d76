package org.vmfinalize.server.monitor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.disk.GuestWatch;
import org.vmfinalize.disk.LatencyCounts;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.server.instantvm.InstantVms;

/// How fast the machines that run from backups were copied lately, and how long their guests waited.
///
/// Ten minutes of each machine are kept in memory, about 15 KiB a machine, and nothing once it is a regular one.
///
/// **Threads:** any number ask; the scheduler's looks.
@Component
class Samples {

    /// How long each sample is.
    static final long STEP_SECONDS = 2;

    private static final int KEPT = 300;

    private final InstantVms instantVms;
    private final Clock clock;
    private final Map<String, Track> tracks = new ConcurrentHashMap<>();

    Samples(InstantVms instantVms, Clock clock) {
        this.instantVms = instantVms;
        this.clock = clock;
    }

    /// Looks at all machines.
    @Scheduled(fixedRate = STEP_SECONDS, timeUnit = TimeUnit.SECONDS)
    public void look() {
        var now = clock.instant();
        var seen = new HashSet<String>();
        for (var vm : instantVms.all()) {
            instantVms.disks(vm).ifPresent(disks -> {
                seen.add(vm.vmId());
                tracks.computeIfAbsent(vm.vmId(), _ -> new Track()).look(now, disks.disks());
            });
        }
        tracks.keySet().retainAll(seen);
    }

    /// The samples of a machine, the oldest first.
    List<Sample> of(String vmId) {
        var track = tracks.get(vmId);
        return track == null ? List.of() : track.list();
    }

    private static final class Track {

        @GuardedBy("this")
        private final ArrayDeque<Sample> samples = new ArrayDeque<>();

        @GuardedBy("this")
        private @Nullable Instant lookedAt;

        @GuardedBy("this")
        private long hydrated;

        @GuardedBy("this")
        private LatencyCounts guest = LatencyCounts.NONE;

        synchronized void look(Instant now, List<LiveDisk> disks) {
            long hydratedNow = disks.stream().mapToLong(disk -> disk.counters().hydratedBytes()).sum();
            var guestNow = disks.stream().map(LiveDisk::guest).map(Track::answered)
                    .reduce(LatencyCounts.NONE, LatencyCounts::and);
            var before = lookedAt;
            // The first look has nothing to compare with.
            if (before != null && before.isBefore(now)) {
                var requests = guestNow.since(guest);
                long millis = Duration.between(before, now).toMillis();
                samples.addLast(
                        new Sample(now, Math.max(0, hydratedNow - hydrated) * 1000 / Math.max(1, millis),
                                requests.total(),
                                requests.total() == 0 ? null : requests.quantile(0.99).toNanos() / 1000));
                if (samples.size() > KEPT) {
                    samples.removeFirst();
                }
            }
            lookedAt = now;
            hydrated = hydratedNow;
            guest = guestNow;
        }

        private static LatencyCounts answered(GuestWatch watch) {
            return watch.localCounts().and(watch.missedCounts());
        }

        synchronized List<Sample> list() {
            return List.copyOf(samples);
        }
    }
}
