package org.vmfinalize.server.instantvm;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmNotes;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.ExtensionEvent.Severity;
import org.vmfinalize.vcenter.MoRef;

/// Posts an event on a host that does not mount a datastore which machines of its cluster run from, and another one when it
/// has it in the end: each once, but for a restart of the server.
///
/// **Threads:** one at a time.
@Component
class LackingHosts {

    private final VmNotes notes;

    /// Of which it was told last that they lack it.
    private final Set<Place> told = new HashSet<>();

    /// A datastore on a host.
    private record Place(MoRef host, String datastore) {}

    LackingHosts(VmNotes notes) {
        this.notes = notes;
    }

    /// Tells what has changed. A host that has left the cluster, or whose cluster does not use a datastore any more, is
    /// forgotten.
    ///
    /// @param all by datastore: all that machines run from
    /// @throws org.vmfinalize.vcenter.VCenterUnavailableException if vCenter is away; the rest is told the next time
    void tell(Map<String, HostMounts.Extended> all) {
        var there = new HashSet<Place>();
        all.forEach((datastore, extended) -> extended.hosts().forEach(host -> {
            var place = new Place(host.ref(), datastore);
            there.add(place);
            tell(place, extended.mounted());
        }));
        told.retainAll(there);
    }

    private void tell(Place place, HostMounts.Mounted mounted) {
        var refusal = mounted.refusals().get(place.host);
        if (refusal != null && !told.contains(place)) {
            notes.event(place.host, new ExtensionEvent(VmFinalizeKeys.EVENT_HOST_LACKS_DATASTORE,
                    Severity.WARNING,
                    "Does not mount the datastore %s, from which virtual machines of its cluster run: %s"
                            .formatted(place.datastore, refusal.reason()),
                    Map.of("datastore", place.datastore, "reason", refusal.reason())));
            told.add(place);
        } else if (mounted.has(place.host) && told.contains(place)) {
            notes.event(place.host, new ExtensionEvent(VmFinalizeKeys.EVENT_HOST_HAS_DATASTORE, Severity.INFO,
                    "Has the datastore %s now, from which virtual machines of its cluster run"
                            .formatted(place.datastore),
                    Map.of("datastore", place.datastore)));
            told.remove(place);
        }
    }
}
