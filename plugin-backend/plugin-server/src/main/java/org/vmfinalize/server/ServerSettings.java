package org.vmfinalize.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// What the server as a whole is told.
///
/// @param dataDirectory where it keeps its certificate, jobs and ports
/// @param providersDirectory further bundles of backup formats, next to the built-in ones
@ConfigurationProperties("vmfinalize")
record ServerSettings(Path dataDirectory, @Nullable Path providersDirectory) {}
