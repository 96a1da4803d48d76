package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.util.PriorityQueue;

/// Finds out when an image is opened whether the end of its file is missing, without reading all of its tables.
///
/// The L1 table tells where all L2 tables must be. What was written last lies at the end of the file, and the L2 tables
/// that point at it lie near there too: so those that lie last are read, up to a bound.
final class TruncationCheck {

    private static final int MAX_TABLE_BYTES = 8 << 20;

    private record Table(int index, long offset) {}

    private TruncationCheck() {}

    /// @throws org.vmfinalize.backup.FormatException if a table or a cluster must be where the file has ended
    static void check(Qcow2Layer layer) throws IOException {
        for (var table : lastTables(layer, Math.max(1, MAX_TABLE_BYTES / layer.clusterSize()))) {
            long position = table.index() * layer.bytesPerTable();
            long end = Math.min(position + layer.bytesPerTable(), layer.size());
            while (position < end) {
                // Each entry that is met is checked.
                position = layer.runAt(position, end).end();
            }
        }
    }

    private static Iterable<Table> lastTables(Qcow2Layer layer, int count) throws IOException {
        var last = new PriorityQueue<Table>((one, other) -> Long.compare(one.offset(), other.offset()));
        for (int index = 0; index < layer.tableCount(); index++) {
            long offset = layer.tableOffset(index);
            if (offset != 0) {
                last.add(new Table(index, offset));
            }
            if (last.size() > count) {
                last.remove();
            }
        }
        return last;
    }
}
