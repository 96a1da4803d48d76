package org.vmfinalize.finalization;

import java.time.Duration;

/// What has held a finalization up.
///
/// @param pauses how often the user paused it
/// @param retries how often it waited for backup or datastore and tried again
/// @param paused how long it stood still for both
public record History(int pauses, int retries, Duration paused) {

    /// Nothing has.
    public static final History NONE = new History(0, 0, Duration.ZERO);

    public History plus(History other) {
        return new History(pauses + other.pauses, retries + other.retries, paused.plus(other.paused));
    }
}
