package org.vmfinalize.backup;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;

/// A file of a backup, wherever it lies: immutable, readable at random.
///
/// **Threads:** any number may call any method at the same time.
public interface BackupFile extends Closeable {

    /// Where it is, for people and for messages: a path or a URI without credentials.
    String location();

    /// The last part of its name.
    String name();

    /// The size in bytes when it was opened.
    long size();

    /// What tells this version of the file from another: size and modification time, an ETag. At most 200 characters.
    String identity();

    /// Fills `target` with the bytes at `position`.
    ///
    /// @throws java.io.EOFException if the file ends before `target` is full
    void read(ByteBuffer target, long position) throws IOException;

    /// Which parts are stored and which are holes, as [BackupDisk#extents(ByteRange)]; one [Extent.Kind#UNKNOWN] extent
    /// where the place cannot tell.
    Iterator<Extent> extents(ByteRange range) throws IOException;

    /// Opens a file that this one refers to, such as a backing file.
    ///
    /// `reference` comes out of an image, so it is not to be trusted: it is resolved against this file's folder, and a
    /// file outside of that folder and of those that the administrator allows, behind a link that leads out of them, or in
    /// another scheme is refused.
    ///
    /// @throws FormatException if the reference leads outside or names nothing that is there
    BackupFile sibling(String reference) throws IOException;

    /// Leaves or renews a lease next to the file. See [Backup#hold(Backup.Holder)].
    ///
    /// @throws IOException if the place cannot be written; the file can be read all the same
    void hold(Backup.Holder holder) throws IOException;

    /// Takes the lease back. See [Backup#release(String)].
    void release(String holderId) throws IOException;
}
