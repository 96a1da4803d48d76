/// What all backups that lie in files have in common: identity, leases, and closing of what was opened.
///
/// Start at [FileBackup]. It knows no format. [FileWindow] is a part of a file that is a file itself.
@NullMarked
package org.vmfinalize.formats.file;

import org.jspecify.annotations.NullMarked;
