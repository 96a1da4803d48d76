package org.vmfinalize.backup.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A backup that a test makes, and what its disks hold.
///
/// @param name for people; unique among the samples of a format
/// @param maker makes it
public record Sample(String name, Maker maker) {

    /// Makes a backup.
    @FunctionalInterface
    public interface Maker {

        /// Makes a backup in an empty folder. It is called several times, for a folder each, and makes the same each time.
        Made make(Path folder) throws IOException;
    }

    /// A backup that was made.
    ///
    /// @param top the file that is opened
    /// @param disks what each of the disks holds, in their order; some MiB at most, since they are compared in memory
    public record Made(Path top, List<byte[]> disks) {}
}
