package org.vmfinalize.console;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/// The restore points of one VM, the latest first.
///
/// @param all at least one
public record BackupsOfVm(List<RestorePoint> all) implements Iterable<RestorePoint> {

    public BackupsOfVm {
        all = all.stream().sorted(Comparator.comparing(RestorePoint::getTime).reversed()).toList();
    }

    public RestorePoint getLatest() {
        return all.getFirst();
    }

    @Override
    public Iterator<RestorePoint> iterator() {
        return all.iterator();
    }
}
