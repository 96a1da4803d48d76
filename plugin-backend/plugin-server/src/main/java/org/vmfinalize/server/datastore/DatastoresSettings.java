package org.vmfinalize.server.datastore;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which folders this server offers as datastores.
///
/// @param datastores may be empty
@ConfigurationProperties("vmfinalize")
record DatastoresSettings(@DefaultValue List<One> datastores) {

    /// One datastore.
    ///
    /// @param name as it is called in vCenter: 1 to 42 characters, which is ESXi's limit
    /// @param directory the folder; made if it is not there
    /// @param export the path that hosts mount; without one, `/` and the name
    /// @param clients the networks whose hosts may mount it; without them, those of `vmfinalize.nfs.clients`
    record One(String name, Path directory, @Nullable String export, @Nullable List<String> clients) {

        One {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,41}")) {
                throw new IllegalArgumentException(
                        "datastore '%s': the name must be 1 to 42 letters, digits, '_', '.' or '-' and begin with a letter or digit; change vmfinalize.datastores"
                                .formatted(name));
            }
        }

        String exportPath() {
            return export == null || export.isBlank() ? "/" + name : export;
        }
    }
}
