package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.util.PriorityQueue;

/// Finds out when an image is opened whether the end of its file is missing, without reading all of its tables.
///
/// The directory tells where all tables must be. What was written last lies at the end of the file, and the tables that
/// point at it lie near there too: so those that lie last are read, up to a bound that the chain has.
final class TruncationCheck {

    private record Table(int index, long offset) {}

    private TruncationCheck() {}

    /// @throws org.vmfinalize.backup.FormatException if a table or a block must be where the file has ended
    static void check(TwoLevelMap map, ChainFiles files) throws IOException {
        int count = files.tablesToCheck(map.tableBytes());
        if (count == 0) {
            return;
        }
        for (var table : lastTables(map, count)) {
            files.checkedTable(map.tableBytes());
            map.checkTable(table.index());
        }
    }

    private static Iterable<Table> lastTables(TwoLevelMap map, int count) throws IOException {
        var last = new PriorityQueue<Table>((one, other) -> Long.compare(one.offset(), other.offset()));
        // Most files have their tables in the order of the disk: those that lie last are seen first.
        for (int index = map.tableCount() - 1; index >= 0; index--) {
            long offset = map.tableOffset(index);
            if (offset == 0 || (last.size() == count && offset <= last.element().offset())) {
                continue;
            }
            last.add(new Table(index, offset));
            if (last.size() > count) {
                last.remove();
            }
        }
        return last;
    }
}
