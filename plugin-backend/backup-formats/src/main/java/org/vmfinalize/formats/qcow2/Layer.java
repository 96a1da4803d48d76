package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import org.vmfinalize.backup.BackupFile;

/// One image of a chain.
///
/// **Threads:** any number.
sealed interface Layer permits Qcow2Layer, RawLayer {

    BackupFile file();

    /// How far from the top of the chain it is; the top is 0.
    int depth();

    /// The virtual size in bytes.
    long size();

    /// The size of its clusters in bytes, a power of two.
    int clusterSize();

    /// Where the bytes from `position` are, up to `end` at most. The run is as long as can be told without another look
    /// at the file.
    ///
    /// @param position at least 0 and less than `end`
    /// @param end at most [#size()]
    Run runAt(long position, long end) throws IOException;
}
