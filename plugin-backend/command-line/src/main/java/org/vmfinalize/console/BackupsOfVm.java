package org.vmfinalize.console;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/// The restore points of one VM, the latest first.
///
/// @param all at least one
public record BackupsOfVm(List<RestorePoint> all) implements Iterable<RestorePoint> {

    /// Puts the latest first.
    public BackupsOfVm {
        all = all.stream().sorted(Comparator.comparing(RestorePoint::getTime).reversed()).toList();
    }

    /// The one that was taken last.
    public RestorePoint getLatest() {
        return all.getFirst();
    }

    /// All of them.
    @Override
    public Iterator<RestorePoint> iterator() {
        return all.iterator();
    }
}
