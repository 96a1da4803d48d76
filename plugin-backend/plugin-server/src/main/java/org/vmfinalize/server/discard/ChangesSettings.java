package org.vmfinalize.server.discard;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where changes of guests are kept.
///
/// @param changesDirectory an absolute folder; none: changes cannot be kept
@ConfigurationProperties("vmfinalize")
record ChangesSettings(@Nullable Path changesDirectory) {

    ChangesSettings {
        if (changesDirectory != null && !changesDirectory.isAbsolute()) {
            throw new IllegalArgumentException(
                    "vmfinalize.changes-directory: must be an absolute path but was '%s'"
                            .formatted(changesDirectory));
        }
    }
}
