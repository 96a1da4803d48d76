package org.vmfinalize.server;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the server as a whole is told.
///
/// @param dataDirectory where it keeps its certificate, jobs and ports
/// @param providersDirectory further bundles of backup formats, next to the built-in ones
/// @param providerPatience how long a backup format may take to recognise or to open a backup
@ConfigurationProperties("vmfinalize")
record ServerSettings(Path dataDirectory, @Nullable Path providersDirectory,
        @DefaultValue("60s") Duration providerPatience) {}
