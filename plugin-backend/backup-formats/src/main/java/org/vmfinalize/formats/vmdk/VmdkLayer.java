package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.Run;

/// One image: its extents, one after the other.
final class VmdkLayer implements Layer {

    private final List<? extends VmdkExtent> extents;

    /// Where each extent begins on the disk, and where the last one ends.
    private final long[] starts;

    /// @param extents at least one
    VmdkLayer(List<? extends VmdkExtent> extents) {
        this.extents = List.copyOf(extents);
        this.starts = new long[extents.size() + 1];
        for (int i = 0; i < extents.size(); i++) {
            starts[i + 1] = starts[i] + extents.get(i).size();
        }
    }

    @Override
    public long size() {
        return starts[starts.length - 1];
    }

    @Override
    public int blockSize() {
        return extents.stream().mapToInt(VmdkExtent::blockSize).max().orElseThrow();
    }

    @Override
    public Run runAt(long position, long end) throws IOException {
        int found = Arrays.binarySearch(starts, position);
        int index = found >= 0 ? found : -found - 2;
        return extents.get(index).runAt(position, Math.min(end, starts[index + 1]));
    }
}
