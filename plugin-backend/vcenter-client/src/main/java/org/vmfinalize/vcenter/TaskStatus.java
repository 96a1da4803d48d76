package org.vmfinalize.vcenter;

import java.util.Optional;

/// How far a task of vCenter's own is.
///
/// @param percent 0 to 100
/// @param failure by which it ended, if it did not end well
public record TaskStatus(State state, int percent, Optional<VCenterFault> failure) {

    public enum State {
        /// Queued or running.
        UNDER_WAY, SUCCEEDED, FAILED
    }

    /// Whether it ended because somebody cancelled it.
    public boolean isCancelled() {
        return failure.filter(fault -> fault.is(VCenterFault.REQUEST_CANCELED)).isPresent();
    }
}
