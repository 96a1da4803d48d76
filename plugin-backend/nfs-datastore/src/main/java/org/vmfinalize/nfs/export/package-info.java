/// Exported directories: who may use them, which file a handle names, and what clients must never see.
///
/// Start at [Exports] and [ExportTree]. A handle names a file by its inode's number and birth time, never by its path, so
/// it stays valid when the file is renamed and when the server is restarted. Every name is looked up relative to an open
/// directory and no symbolic link is followed, so that nothing outside an export can be reached.
@NullMarked
package org.vmfinalize.nfs.export;

import org.jspecify.annotations.NullMarked;
