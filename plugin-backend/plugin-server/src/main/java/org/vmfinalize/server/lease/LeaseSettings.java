package org.vmfinalize.server.lease;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who is told that a backup is in use.
///
/// @param leaseHook a program, by its absolute path, that is called without arguments; none: nobody
/// @param leaseHookTimeout after this it is ended
/// @param leaseRenewal between two renewals
@ConfigurationProperties("vmfinalize")
record LeaseSettings(@Nullable Path leaseHook, @DefaultValue("30s") Duration leaseHookTimeout,
        @DefaultValue("5m") Duration leaseRenewal) {

    LeaseSettings {
        if (leaseHook != null && (!leaseHook.isAbsolute() || !Files.isRegularFile(leaseHook)
                || !Files.isExecutable(leaseHook))) {
            throw new IllegalArgumentException(
                    "vmfinalize.lease-hook: must be the absolute path of a program that the server may run but was '%s'"
                            .formatted(leaseHook));
        }
    }
}
