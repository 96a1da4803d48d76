package org.vmfinalize.vcenter.soap;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;

/// Waits for changes of properties by a long poll, with a property collector of its own: two waits on one collector
/// would take each other's changes.
///
/// Dies with the session; whoever uses it begins again with a new one then.
///
/// **Threads:** one.
final class Changes implements AutoCloseable {

    private final Session session;
    private final MoRef collector;
    private String version = "";
    private boolean truncated;

    private Changes(Session session, MoRef collector) {
        this.session = session;
        this.collector = collector;
    }

    /// Begins to watch what `filter` selects.
    static Changes of(Session session, Services services, Collector.FilterSpec filter) {
        var collector = session.sendForOne(Call.of("CreatePropertyCollector", services.propertyCollector()),
                ManagedObjectReference.class).toMoRef();
        var changes = new Changes(session, collector);
        try {
            session.send(Call.of("CreateFilter", collector)
                    .with("spec", Collector.FilterSpec.class, filter)
                    .with("partialUpdates", false), ManagedObjectReference.class);
            return changes;
        } catch (VCenterException e) {
            changes.close();
            throw e;
        }
    }

    /// Waits until something changed, at most for `patience`, rounded up to whole seconds. The first call returns the
    /// whole state at once.
    ///
    /// @return what changed, in the order in which it must be applied; empty if nothing did
    List<Collector.ObjectUpdate> next(Duration patience) {
        var options = new Collector.WaitOptions();
        options.maxWaitSeconds = Math.toIntExact(patience.plusMillis(999).toSeconds());
        Optional<Collector.UpdateSet> answer = session.send(Call.of("WaitForUpdatesEx", collector)
                .with("version", version)
                .with("options", Collector.WaitOptions.class, options), Collector.UpdateSet.class,
                patience.plus(session.limits().answer())).stream().findFirst();
        truncated = false;
        if (answer.isEmpty()) {
            return List.of();
        }
        truncated = Boolean.TRUE.equals(answer.get().truncated);
        version = Texts.orEmpty(answer.get().version);
        return answer.get().filterSet.stream().flatMap(filter -> filter.objectSet.stream()).toList();
    }

    /// Whether more was to be told than what came last, which only a next call brings.
    boolean isTruncated() {
        return truncated;
    }

    /// Takes the collector away, with its filter. When the session is gone it is gone as well.
    @Override
    public void close() {
        try {
            session.send(Call.of("DestroyPropertyCollector", collector));
        } catch (VCenterException e) {
            // What is left ends with the session; what the wait brought, or why it failed, matters more.
            System.getLogger(Changes.class.getName()).log(System.Logger.Level.DEBUG,
                    "property collector left behind", e);
        }
    }
}
