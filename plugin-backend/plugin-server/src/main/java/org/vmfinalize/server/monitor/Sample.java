package org.vmfinalize.server.monitor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a machine went in the seconds before a moment.
///
/// @param bytesPerSecond what was copied out of the backup
/// @param guestRequests how many reads and writes of the guest were answered
/// @param guestP99Micros what 99 of 100 of them did not exceed; null if there were none
record Sample(Instant at, long bytesPerSecond, long guestRequests, @Nullable Long guestP99Micros) {}
