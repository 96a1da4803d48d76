package org.vmfinalize.formats.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.kit.FolderFile;

/// A step of a walk ends with what it has when it has cost enough; all steps together tell the same all the same.
class EffortTest {

    private static final int BLOCK = 4096;
    private static final int BLOCKS = 100_000;

    @TempDir
    Path folder;

    /// Each look at a block costs a page of tables.
    private record Costly(Source source, long stored, AtomicLong pages) implements Layer {

        @Override
        public long size() {
            return (long) BLOCKS * BLOCK;
        }

        @Override
        public int blockSize() {
            return BLOCK;
        }

        @Override
        public Run runAt(long position, long end) {
            pages.incrementAndGet();
            long to = Math.min(end, (position / BLOCK + 1) * BLOCK);
            return position / BLOCK == stored
                    ? Run.stored(position, to, source, position % BLOCK)
                    : Run.nowhere(position, to, Run.Kind.BELOW, source);
        }
    }

    @Test
    void anExtentEndsWhereLookingOnWouldCostTooMuch() throws IOException {
        var pages = new AtomicLong();
        try (var file = file()) {
            var extents = new ArrayList<Extent>();

            long most = most(disk(file, pages).extents(new ByteRange(0, (long) BLOCKS * BLOCK)), pages,
                    extents);

            assertThat(most).isLessThan(20_000);
            long at = 0;
            for (Extent extent : extents) {
                assertThat(extent.range().start()).isEqualTo(at);
                assertThat(extent.kind() == Extent.Kind.ZERO)
                        .isEqualTo(!extent.range().equals(ByteRange.of(90_000L * BLOCK, BLOCK)));
                at = extent.range().end();
            }
            assertThat(at).isEqualTo((long) BLOCKS * BLOCK);
        }
    }

    @Test
    void aLittleOfWhatIsEmptyIsReadRatherThanLookedOverForLong() throws IOException {
        var pages = new AtomicLong();
        try (var file = file()) {
            var extents = new ArrayList<Extent>();

            long most = most(disk(file, pages).readOrder(), pages, extents);

            assertThat(most).isLessThan(20_000);
            assertThat(extents).filteredOn(extent -> extent.range().length() == BLOCK).hasSameSizeAs(extents);
            assertThat(extents).hasSizeBetween(2, 10)
                    .anyMatch(extent -> extent.range().equals(ByteRange.of(90_000L * BLOCK, BLOCK)));
        }
    }

    private FolderFile file() throws IOException {
        return new FolderFile(Files.write(folder.resolve("file"), new byte[BLOCK]));
    }

    private static ChainDisk disk(FolderFile file, AtomicLong pages) {
        var source = new Source(file, 0, 0, BLOCK, true, Compression.NONE);
        return new ChainDisk(new Chain(List.of(new Costly(source, 90_000, pages)), source, pages::get));
    }

    /// Walks to the end.
    ///
    /// @return how many pages the step cost that cost most
    private static long most(Iterator<Extent> walk, AtomicLong pages, List<Extent> extents) {
        long most = 0;
        long before = pages.get();
        while (walk.hasNext()) {
            most = Math.max(most, pages.get() - before);
            before = pages.get();
            extents.add(walk.next());
            most = Math.max(most, pages.get() - before);
            before = pages.get();
        }
        return most;
    }
}
