package org.vmfinalize.vcenter;

import java.util.Optional;

/// How far a task is.
///
/// @param percent 0 to 100
/// @param cancelAsked whether somebody has asked for it to be cancelled, which its own work may not have heeded yet
/// @param failure by which it ended, if it did not end well
public record TaskStatus(State state, int percent, boolean cancelAsked, Optional<VCenterFault> failure) {

    public enum State {
        /// Queued or running.
        UNDER_WAY, SUCCEEDED, FAILED
    }

    /// Whether it ended because somebody cancelled it.
    public boolean isCancelled() {
        return failure.filter(fault -> fault.is(VCenterFault.REQUEST_CANCELED)).isPresent();
    }
}
