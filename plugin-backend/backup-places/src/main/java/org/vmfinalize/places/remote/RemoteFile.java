package org.vmfinalize.places.remote;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// One version of a file far away, as its protocol gives it. It asks once; asking again is the caller's part.
///
/// **Threads:** any number may call any method at the same time.
///
/// **Errors:** [PassingException] is worth another try; any other [IOException] is not. Messages say what was wrong and
/// leave out which file: the caller adds that.
public interface RemoteFile extends Closeable {

    /// A URI without credentials.
    String location();

    /// The path below the place's server or bucket: without a leading `/`, decoded.
    String path();

    /// In bytes, as it was when it was opened.
    long size();

    /// What tells this version from another. At most 200 characters.
    String identity();

    /// What content that was read is kept under, besides the location, to be read again from here: as [#identity()] where that
    /// finds every change.
    default String contentKey() {
        return identity();
    }

    /// Fills `target` with the bytes at `position`.
    ///
    /// The target's position is moved as far as right bytes have come, also when an exception is thrown.
    void read(ByteBuffer target, long position) throws IOException;

    /// What lies at the start of `range`: one extent or more, without gaps, from `range.start()` on, perhaps beyond its end.
    ///
    /// @param range not empty, inside the file
    List<Extent> extentsAt(ByteRange range) throws IOException;

    /// Opens another file of the same server or bucket.
    ///
    /// @param path as [#path()]
    /// @throws org.vmfinalize.places.BackupNotFoundException if there is none
    RemoteFile open(String path) throws IOException;

    /// See [org.vmfinalize.backup.BackupFile#hold(Backup.Holder)].
    void hold(Backup.Holder holder) throws IOException;

    /// See [org.vmfinalize.backup.BackupFile#release(String)].
    void release(String holderId) throws IOException;
}
