package org.vmfinalize.server.provider;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.providers.BackupProviders;
import org.vmfinalize.providers.Provider;

/// Shows the bundles of backup formats.
@RestController
@RequestMapping("/api/v1/providers")
class ProvidersController {

    private final BackupProviders providers;

    ProvidersController(BackupProviders providers) {
        this.providers = providers;
    }

    @GetMapping
    Items list() {
        return new Items(providers.describe().stream().map(ProvidersController::view).toList());
    }

    private static View view(Provider provider) {
        return new View(provider.file(), provider.name(), provider.version(),
                provider.state().name().toLowerCase(Locale.ROOT), provider.formats(), provider.openBackups(),
                provider.error());
    }

    record Items(List<View> items) {}

    /// See [Provider].
    ///
    /// @param state `active`, `failed` or `retiring`
    record View(String file, String name, String version, String state, List<String> formats, int openBackups,
            @Nullable String error) {}
}
