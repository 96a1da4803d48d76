package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.util.Optional;
import org.vmfinalize.backup.FormatException;

/// Where the bytes of a disk, or of a part of it, are in a file that has two levels of tables: a directory that tells
/// where the tables are, and tables that tell where the blocks are.
///
/// Each entry is checked by the format when it is met.
///
/// **Threads:** any number.
public abstract class TwoLevelMap {

    /// Looking for more that are missing would keep the caller waiting.
    private static final int MAX_MISSING_TABLES = 1 << 10;

    private final Source source;
    private final TablePages pages;
    private final long size;
    private final int tableBlocks;
    private final int slotsPerBlock;

    /// @param size how many bytes of the disk it maps, from [Source#diskStart()] on
    /// @param tableBlocks how many blocks a table maps
    /// @param slotsPerBlock how many entries of `pages` tell of one block
    protected TwoLevelMap(Source source, TablePages pages, long size, int tableBlocks, int slotsPerBlock) {
        this.source = source;
        this.pages = pages;
        this.size = size;
        this.tableBlocks = tableBlocks;
        this.slotsPerBlock = slotsPerBlock;
    }

    /// Where the table of that index is in the file; 0 if there is none, since none of its blocks is in this file.
    protected abstract long tableOffset(int index) throws IOException;

    /// Where the bytes of a block from `position` on are: a run that ends with the block or before.
    ///
    /// @param position on the disk
    /// @param blockEnd where the block, or the disk, ends
    /// @param page entries of the table
    /// @param slot the index of the block's first entry in `page`
    protected abstract Run blockRun(long position, long blockEnd, long[] page, int slot) throws IOException;

    protected final Source source() {
        return source;
    }

    /// The virtual size of what is mapped, in bytes.
    public final long size() {
        return size;
    }

    /// The size of a block in bytes.
    public final int blockSize() {
        return source.blockSize();
    }

    /// How many tables there may be.
    protected final int tableCount() {
        return (int) Math.ceilDiv(size, bytesPerTable());
    }

    /// The size of a table in the file, in bytes.
    protected final int tableBytes() {
        return tableBlocks * slotsPerBlock * pages.entryBytes();
    }

    private long bytesPerTable() {
        return (long) tableBlocks * blockSize();
    }

    private long diskEnd() {
        return source.diskStart() + size;
    }

    /// See [Layer#runAt(long, long)]; positions are those of the disk.
    public final Run runAt(long position, long end) throws IOException {
        int tableIndex = (int) ((position - source.diskStart()) / bytesPerTable());
        long table = tableOffset(tableIndex);
        return table == 0 ? withoutTable(tableIndex, position, end) : inTable(table, position, end);
    }

    /// Finds out whether tables lie over one another, and whether the end of the file is missing, without reading all of
    /// the tables; for as long as opening the chain does not take too long.
    ///
    /// @throws org.vmfinalize.backup.FormatException if so
    public final void check(ChainFiles files) throws IOException {
        if (!files.checksEntries(tableCount())) {
            return;
        }
        Overlaps.check(tableCount(), this::tableOffset, tableBytes(),
                (index, offset) -> new FormatException(
                        "%s: directory entry %d: the table must not lie over another one but is at byte %d"
                                .formatted(
                                        source.file().location(), index, offset)));
        TruncationCheck.check(this, files);
    }

    /// Checks all entries of a table.
    void checkTable(int index) throws IOException {
        long position = source.diskStart() + index * bytesPerTable();
        long end = Math.min(position + bytesPerTable(), diskEnd());
        while (position < end) {
            // Each entry that is met is checked.
            position = runAt(position, end).end();
        }
    }

    private Run withoutTable(int firstIndex, long position, long end) throws IOException {
        int index = firstIndex + 1;
        long next = source.diskStart() + index * bytesPerTable();
        while (next < end && index - firstIndex < MAX_MISSING_TABLES && tableOffset(index) == 0) {
            index++;
            next += bytesPerTable();
        }
        return Run.nowhere(position, Math.min(next, end), Run.Kind.BELOW, source);
    }

    /// Looks at the entries of one page of the table, from that of `position` on, for as long as they make one run.
    private Run inTable(long table, long position, long end) throws IOException {
        long tableStart = position - (position - source.diskStart()) % bytesPerTable();
        long limit = Math.min(end, tableStart + bytesPerTable());
        int block = (int) ((position - tableStart) / blockSize());
        long offset = table + (long) block * slotsPerBlock * pages.entryBytes();
        long[] page = pages.pageOf(offset);
        int slot = pages.slotOf(offset);
        int nothing = emptyBlocks(page, slot);
        if (nothing > 0) {
            long emptyEnd = tableStart + ((long) block + nothing) * blockSize();
            return Run.nowhere(position, Math.min(emptyEnd, limit), Run.Kind.BELOW, source);
        }
        long blockEnd = tableStart + (block + 1L) * blockSize();
        Run run = blockRun(position, Math.min(blockEnd, diskEnd()), page, slot);
        while (run.end() < limit) {
            if (run.end() == blockEnd) {
                blockEnd += blockSize();
                slot += slotsPerBlock;
            }
            if (slot + slotsPerBlock > page.length) {
                break;
            }
            Optional<Run> joined = run
                    .joined(blockRun(run.end(), Math.min(blockEnd, diskEnd()), page, slot));
            if (joined.isEmpty()) {
                break;
            }
            run = joined.get();
        }
        return run.cut(position, limit);
    }

    /// How many blocks from that slot on have entries of zeros only: all formats mean by it that the block is nowhere.
    private int emptyBlocks(long[] page, int slot) {
        int at = slot;
        while (at < page.length && page[at] == 0) {
            at++;
        }
        return (at - slot) / slotsPerBlock;
    }
}
