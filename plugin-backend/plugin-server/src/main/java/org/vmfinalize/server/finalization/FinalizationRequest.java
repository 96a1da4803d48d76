package org.vmfinalize.server.finalization;

import org.jspecify.annotations.Nullable;

/// What somebody asks for.
///
/// @param vm the managed object id, such as `vm-51`
/// @param name the machine's new name; none: it keeps the one it has
/// @param provisioning `thin`, `thick` or `eager-thick`; none: thin
/// @param bytesPerSecond the limit for reading the backup; none or 0: no limit
record FinalizationRequest(@Nullable String vm, @Nullable String name, @Nullable String provisioning,
        @Nullable Long bytesPerSecond) {}
