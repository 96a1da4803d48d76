package org.vmfinalize.server.finalization;

import java.util.HashMap;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.events.Events;

/// Tells all who listen how the finalizations go on: an event `finalization` with the whole of what the API shows, once a
/// second while it changes, and once at the end.
///
/// **Threads:** the scheduler's, and those of jobs that end.
@Component
class FinalizationEvents {

    private final Finalizations finalizations;
    private final Events events;
    private final Map<String, FinalizationView> told = new HashMap<>();

    FinalizationEvents(Finalizations finalizations, Events events) {
        this.finalizations = finalizations;
        this.events = events;
    }

    @Scheduled(fixedDelayString = "PT1S", initialDelayString = "PT1S")
    synchronized void look() {
        var gone = new HashMap<>(told);
        for (var view : finalizations.active()) {
            gone.remove(view.id());
            tell(view);
        }
        gone.keySet().forEach(told::remove);
    }

    /// Some jobs begin and end between two looks.
    @EventListener
    synchronized void ended(JobEnded job) {
        tell(finalizations.find(job.id()));
    }

    private void tell(FinalizationView view) {
        if (!view.equals(told.put(view.id(), view))) {
            events.tellOf(view.vm().id(), "finalization", view);
        }
    }
}
