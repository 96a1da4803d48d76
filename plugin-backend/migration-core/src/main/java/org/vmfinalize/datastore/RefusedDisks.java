package org.vmfinalize.datastore;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The live disks of an instant VM that a datastore does not serve, because what is stored about them cannot be trusted.
///
/// Their files stay where they are and are neither read nor written, since without a block map nobody knows which of their
/// bytes are right.
public final class RefusedDisks {

    private final Path stateFolder;
    private final @Nullable InstantRecord record;
    private final Set<Path> flatFiles;
    private final Set<Long> diskSizes;
    private final String reason;

    RefusedDisks(Path stateFolder, @Nullable InstantRecord record, Set<Path> flatFiles, Set<Long> diskSizes,
            String reason) {
        this.stateFolder = stateFolder;
        this.record = record;
        this.flatFiles = Set.copyOf(flatFiles);
        this.diskSizes = Set.copyOf(diskSizes);
        this.reason = reason;
    }

    /// The folder in the datastore that has the disks' files; empty if even that is not known.
    public Optional<String> vmFolder() {
        return Optional.ofNullable(record).map(InstantRecord::vmFolder);
    }

    /// What is wrong and what to do, for people.
    public String reason() {
        return reason;
    }

    /// The flat files that are concerned, if they are known.
    Set<Path> flatFiles() {
        return flatFiles;
    }

    /// Whether a file has the size of one of the disks, which it keeps under any name.
    boolean mayHave(Path file) {
        return diskSizes.contains(file.toFile().length());
    }

    Optional<InstantRecord> record() {
        return Optional.ofNullable(record);
    }

    @Override
    public String toString() {
        return "refused disks of " + vmFolder().orElse(stateFolder.toString());
    }
}
