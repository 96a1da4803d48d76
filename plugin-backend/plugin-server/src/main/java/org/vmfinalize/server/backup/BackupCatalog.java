package org.vmfinalize.server.backup;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.Places;
import org.vmfinalize.server.instantvm.RestorePointIds;

/// The restore points in all places, as they were seen last. A file that has not changed is not opened again.
///
/// **Threads:** any number may ask. One at a time looks through the places; it owns four threads, `backups-N`, which open
/// files. One that a place holds up for long is not waited for.
@Component
public class BackupCatalog implements RestorePointIds, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(BackupCatalog.class);

    private static final int OPEN_AT_ONCE = 4;
    private static final Pattern EXTENT = Pattern.compile(".*-(flat|delta|sesparse|[sf]\\d{3})\\.vmdk");

    private final Places places;
    private final Inspection inspection;
    private final BackupsSettings settings;
    private final Clock clock;
    private final ExecutorService openers = Executors.newFixedThreadPool(OPEN_AT_ONCE,
            Thread.ofPlatform().daemon().name("backups-", 1).factory());

    /// What was found in each file, by its location. Used by one thread at a time.
    private Map<String, Seen> seen = new HashMap<>();
    private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of(), List.of(), List.of(), null);

    BackupCatalog(Places places, BackupOpener backups, BackupsSettings settings, Clock clock) {
        this.places = places;
        this.inspection = new Inspection(backups);
        this.settings = settings;
        this.clock = clock;
    }

    /// @param size and changed: what the file was like when it was opened
    private record Seen(OptionalLong size, Optional<Instant> changed, Optional<RestorePoint> found) {
        boolean isOf(Listing.Item file) {
            return size.equals(file.size()) && changed.equals(file.changed()) && changed.isPresent();
        }
    }

    /// What there was at one time.
    ///
    /// @param points by name, the newest of each first
    /// @param troubles why a place was not looked through, or not wholly
    /// @param refreshedAt null before the first look
    record Snapshot(List<RestorePoint> points, Map<String, RestorePoint> byId, List<String> troubles,
            List<SeenPlace> places, @Nullable Instant refreshedAt) {}

    /// A place as it was looked through last.
    ///
    /// @param failure why it cannot be; empty if it was
    record SeenPlace(String name, String location, Optional<String> failure, int files, boolean complete) {}

    Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public Optional<String> location(String id) {
        return Optional.ofNullable(snapshot.byId().get(id)).map(RestorePoint::location);
    }

    @Override
    public Optional<String> vmName(String location) {
        return Optional.ofNullable(snapshot.byId().get(RestorePoint.id(location))).map(RestorePoint::vmName);
    }

    /// Looks through all places now.
    @Scheduled(fixedDelayString = "${vmfinalize.backups.refresh:60s}")
    public synchronized void refresh() {
        var troubles = new ArrayList<String>();
        var pending = new LinkedHashMap<Listing.Item, Future<Optional<RestorePoint>>>();
        var now = new HashMap<String, Seen>();
        var seenPlaces = new ArrayList<SeenPlace>();
        for (var shelf : places.list(settings.maxFiles())) {
            var place = shelf.place();
            seenPlaces.add(new SeenPlace(place, shelf.location(), shelf.failure(),
                    shelf.listing().files().size(), shelf.listing().complete()));
            shelf.failure().ifPresent(why -> troubles.add("place %s: %s".formatted(place, why)));
            if (!shelf.listing().complete() && shelf.failure().isEmpty()) {
                troubles.add("place %s: it has more than %d files, of which the rest is not listed"
                        .formatted(place, settings.maxFiles()));
            }
            for (var file : shelf.listing().files()) {
                var before = seen.get(file.location());
                if (before != null && before.isOf(file)) {
                    now.put(file.location(), before);
                } else if (Inspection.mayBeBackup(file)) {
                    pending.put(file, openers.submit(() -> inspection.of(place, file)));
                }
            }
        }
        pending.forEach((file, answer) -> await(file, answer, troubles)
                .ifPresent(found -> now.put(file.location(), new Seen(file.size(), file.changed(), found))));
        seen = now;
        publish(troubles, seenPlaces);
    }

    /// What was found in a file; empty if that could not be waited for.
    private Optional<Optional<RestorePoint>> await(Listing.Item file, Future<Optional<RestorePoint>> answer,
            List<String> troubles) {
        try {
            return Optional.of(answer.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            answer.cancel(true);
            troubles.add("%s: it was not opened within %d s; it is tried again".formatted(file.location(),
                    settings.patience().toSeconds()));
        } catch (ExecutionException e) {
            LOG.error("{}: looking at it failed for a reason that nobody foresaw", file.location(), e);
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private void publish(List<String> troubles, List<SeenPlace> seenPlaces) {
        var all = seen.values().stream().flatMap(one -> one.found().stream()).toList();
        var parts = partsOfOthers(all);
        var byId = new HashMap<String, RestorePoint>();
        for (var point : all) {
            if (!parts.contains(point.location())) {
                byId.put(point.id(), point);
            }
        }
        var points = byId.values().stream()
                .sorted(Comparator.comparing(RestorePoint::vmName, String.CASE_INSENSITIVE_ORDER)
                        .thenComparing(point -> point.takenAt().orElse(Instant.EPOCH),
                                Comparator.reverseOrder())
                        .thenComparing(RestorePoint::location))
                .toList();
        snapshot = new Snapshot(points, Map.copyOf(byId), List.copyOf(troubles),
                List.copyOf(seenPlaces), clock.instant());
    }

    /// Files that are nothing by themselves: a disk of a package, an extent of a VMDK. The lower images of a chain are
    /// restore points of their own.
    private static Set<String> partsOfOthers(List<RestorePoint> all) {
        var formats = new HashMap<String, String>();
        all.forEach(point -> formats.put(point.location(), point.format()));
        var parts = new HashSet<String>();
        for (var point : all) {
            for (var file : point.files()) {
                var format = formats.get(file);
                if (format != null && !file.equals(point.location())
                        && (!format.equals(point.format()) || EXTENT.matcher(file).matches())) {
                    parts.add(file);
                }
            }
        }
        return parts;
    }

    @Override
    public void destroy() {
        openers.shutdownNow();
    }
}
