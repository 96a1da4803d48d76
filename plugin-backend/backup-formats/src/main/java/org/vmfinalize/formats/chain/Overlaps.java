package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.util.Arrays;
import org.vmfinalize.backup.FormatException;

/// Finds tables or blocks of a file that lie over one another.
///
/// They would do no harm to a reader, but let a small file pretend to be a large disk, and are a sign of damage.
public final class Overlaps {

    /// Where things are.
    @FunctionalInterface
    public interface Offsets {
        /// Where that one is; 0 if it is nowhere.
        long of(int index) throws IOException;
    }

    /// What is thrown.
    @FunctionalInterface
    public interface Complaint {
        FormatException about(int index, long offset);
    }

    private Overlaps() {}

    /// Compares all offsets with one another. It takes 8 bytes of memory for each.
    ///
    /// @param length how many bytes each has at least
    public static void check(int count, Offsets offsets, long length, Complaint complaint)
            throws IOException {
        var sorted = new long[count];
        int filled = 0;
        for (int index = 0; index < count; index++) {
            long offset = offsets.of(index);
            if (offset != 0) {
                sorted[filled++] = offset;
            }
        }
        Arrays.sort(sorted, 0, filled);
        for (int i = 1; i < filled; i++) {
            if (sorted[i] - sorted[i - 1] < length) {
                throw complaint.about(indexOf(count, offsets, sorted[i]), sorted[i]);
            }
        }
    }

    /// The last one, as the first one was there before.
    private static int indexOf(int count, Offsets offsets, long offset) throws IOException {
        for (int index = count - 1; index > 0; index--) {
            if (offsets.of(index) == offset) {
                return index;
            }
        }
        return 0;
    }
}
