package org.vmfinalize.server.datastore;

import java.util.HashMap;
import java.util.Map;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.datastore.DatastoresController.DatastoreView;
import org.vmfinalize.server.events.Events;

/// Tells all who listen what changes of the datastores: an event `datastore` when another number of disks is served, or when
/// a hundredth of the space was filled or freed.
///
/// **Threads:** the scheduler's.
@Component
class DatastoreEvents {

    private static final int PARTS = 100;

    private final Datastores datastores;
    private final DatastoresController views;
    private final Events events;
    private final Map<String, DatastoreView> told = new HashMap<>();

    DatastoreEvents(Datastores datastores, DatastoresController views, Events events) {
        this.datastores = datastores;
        this.views = views;
        this.events = events;
        datastores.all().stream().map(views::view).forEach(view -> told.put(view.name(), view));
    }

    @Scheduled(fixedDelayString = "PT5S", initialDelayString = "PT1S")
    synchronized void look() {
        for (var datastore : datastores.all()) {
            var now = views.view(datastore);
            var before = told.get(now.name());
            if (before == null || isOther(before, now)) {
                told.put(now.name(), now);
                events.tell("datastore", now);
            }
        }
    }

    private static boolean isOther(DatastoreView before, DatastoreView now) {
        return before.liveDisks() != now.liveDisks() || !before.refused().equals(now.refused())
                || Math.abs(before.freeBytes() - now.freeBytes()) > now.capacityBytes() / PARTS;
    }
}
