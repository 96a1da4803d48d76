package org.vmfinalize.formats.vhd;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vmfinalize.backup.ByteRange;

/// What a log changes of a file: sectors of 4 KiB, and ranges of zeros of multiples of that. What was added last counts.
///
/// **Threads:** one adds; when all is added, any number read.
final class Patches {

    /// A changed range.
    ///
    /// @param content as long as the range, or empty for zeros
    record Patch(ByteRange range, ByteBuffer content) {

        boolean isZeros() {
            return !content.hasRemaining();
        }
    }

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(0);

    /// By where they begin; none lies over another.
    private final TreeMap<Long, Patch> patches = new TreeMap<>();

    /// Replaces a sector.
    void put(long start, ByteBuffer content) {
        add(new Patch(ByteRange.of(start, content.remaining()), content));
    }

    void zero(ByteRange range) {
        add(new Patch(range, ZEROS));
    }

    private void add(Patch patch) {
        ByteRange range = patch.range();
        var before = patches.lowerEntry(range.start());
        if (before != null && before.getValue().range().end() > range.start()) {
            // Only zeros are longer than a sector, so only they are cut.
            ByteRange cut = before.getValue().range();
            keep(new ByteRange(cut.start(), range.start()));
            if (cut.end() > range.end()) {
                keep(new ByteRange(range.end(), cut.end()));
            }
        }
        var covered = patches.subMap(range.start(), range.end());
        if (!covered.isEmpty()) {
            ByteRange last = covered.lastEntry().getValue().range();
            covered.clear();
            if (last.end() > range.end()) {
                keep(new ByteRange(range.end(), last.end()));
            }
        }
        patches.put(range.start(), patch);
    }

    private void keep(ByteRange zeros) {
        patches.put(zeros.start(), new Patch(zeros, ZEROS));
    }

    /// The first patch that ends behind `position`.
    Optional<Patch> firstEndingAfter(long position) {
        var at = patches.floorEntry(position);
        if (at != null && at.getValue().range().end() > position) {
            return Optional.of(at.getValue());
        }
        return Optional.ofNullable(patches.higherEntry(position)).map(Map.Entry::getValue);
    }

    /// Behind the last one; 0 if there is none.
    long end() {
        return patches.isEmpty() ? 0 : patches.lastEntry().getValue().range().end();
    }
}
