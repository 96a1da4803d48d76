/// Tests that every backup format must pass, whoever wrote it.
///
/// Start at [BackupFormatContract]: extend it in a format's own tests and give it [Sample]s. It judges a format by what the
/// interfaces of `org.vmfinalize.backup` promise, and by nothing else.
@NullMarked
package org.vmfinalize.backup.kit;

import org.jspecify.annotations.NullMarked;
