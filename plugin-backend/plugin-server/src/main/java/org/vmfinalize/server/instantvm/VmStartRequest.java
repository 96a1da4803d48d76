package org.vmfinalize.server.instantvm;

import org.jspecify.annotations.Nullable;

/// An instant VM that somebody wants.
///
/// @param name as it shall be called in vCenter
/// @param backup where the backup is, a path on the server
/// @param datastore where its changes go
/// @param powerOn whether it shall run at once; not said: yes
/// @param guestId the guest operating system in vSphere's words; not said: another Linux, 64 bit
/// @param cpus virtual CPUs; not said: 1
/// @param memoryMiB not said: 1024
record VmStartRequest(@Nullable String name, @Nullable String backup, @Nullable String datastore,
        @Nullable Boolean powerOn, @Nullable String guestId, @Nullable Integer cpus,
        @Nullable Long memoryMiB) {}
