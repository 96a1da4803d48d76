package org.vmfinalize.formats.machine;

import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/// Checksums that were stored with a backup.
public interface Checksums {

    Checksums NONE = _ -> List.of();

    /// As [org.vmfinalize.backup.Backup#verifyChecksums(LongConsumer)].
    List<String> verify(LongConsumer progress) throws IOException;
}
