package org.vmfinalize.server.provider;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.providers.BackupProviders;
import org.vmfinalize.providers.Provider;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;

/// Shows the bundles of backup formats.
@RestController
@RequestMapping("/api/v1/providers")
class ProvidersController {

    private final BackupProviders providers;

    ProvidersController(BackupProviders providers) {
        this.providers = providers;
    }

    /// In the order in which they were loaded, if no other one is asked for.
    ///
    /// @param state as [View]
    /// @param format a format that it reads
    @GetMapping
    ResponseEntity<Page<View>> list(@RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String format, PageRequest page) {
        var all = providers.describe().stream().map(ProvidersController::view).toList();
        var sorting = Sorting.<View>by(View::file, "order")
                .number("order", view -> (long) all.indexOf(view)).text("name", View::name)
                .text("state", View::state);
        return sorting.page(all.stream().filter(view -> state == null || view.state().equals(state))
                .filter(view -> format == null || view.formats().contains(format)).toList(), page).answer();
    }

    private static View view(Provider provider) {
        return new View(provider.file(), provider.name(), provider.version(),
                provider.state().name().toLowerCase(Locale.ROOT), provider.formats(), provider.openBackups(),
                provider.error());
    }

    /// See [Provider].
    ///
    /// @param state `active`, `failed` or `retiring`
    record View(String file, String name, String version, String state, List<String> formats, int openBackups,
            @Nullable String error) {}
}
