package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.file.Path;

/// The file system that a datastore lies on, as far as a live disk changes it.
///
/// All changes go through this interface, so that tests can lose power or run out of space between any two of them.
///
/// **Durability:** what is done to a file is durable after [VolumeFile#force()], a change of names after
/// [#forceFolder(Path)] of the folder. **Errors:** [NoSpaceException] when space or quota is used up.
/// **Threads:** any number.
public interface Volume {

    /// The file system of this machine.
    static Volume local() {
        return LocalVolume.INSTANCE;
    }

    /// Creates an empty file.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException if the name is taken
    VolumeFile create(Path file) throws IOException;

    /// Opens a file that exists, for reading and writing.
    VolumeFile open(Path file) throws IOException;

    /// Whether there is a file or folder of that name.
    boolean exists(Path fileOrFolder);

    /// Creates a folder in a folder that exists.
    void createFolder(Path folder) throws IOException;

    /// Renames a file or folder in one step, over a file that has the new name.
    void rename(Path from, Path to) throws IOException;

    /// Deletes a file or an empty folder, if it is there.
    void delete(Path fileOrFolder) throws IOException;

    /// Makes the names in a folder durable.
    void forceFolder(Path folder) throws IOException;
}
