package org.vmfinalize.providers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A provider bundle, for people.
///
/// @param file         the file that it came from, in the providers directory or in the server
/// @param name         its symbolic name; the file's if it could not be installed
/// @param version      its version; empty if it could not be installed
/// @param state        how it is
/// @param formats      the names of the formats that it provides
/// @param openBackups  how many backups are open through it
/// @param error        why it failed, or the last failure of its code; null if there was none
public record Provider(String file, String name, String version, ProviderState state, List<String> formats,
        int openBackups, @Nullable String error) {

    static Provider failed(String file, String why) {
        return new Provider(file, file, "", ProviderState.FAILED, List.of(), 0, why);
    }
}
