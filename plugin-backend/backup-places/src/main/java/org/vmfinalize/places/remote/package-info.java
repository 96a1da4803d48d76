/// What places far away have in common: a read is tried again, goes out in pieces side by side, and not too many at a
/// time; what an image refers to must lie in its own folder.
///
/// Start at [RemoteBackupFile], which makes a [org.vmfinalize.backup.BackupFile] of a [RemoteFile]. A kind of place
/// implements [RemoteFile] and tells by [PassingException] what is worth another try.
@NullMarked
package org.vmfinalize.places.remote;

import org.jspecify.annotations.NullMarked;
