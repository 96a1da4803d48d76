package org.vmfinalize.vcenter;

import org.jspecify.annotations.Nullable;

/// vCenter could not be reached in time, is not the one that is trusted, or did not answer as a vCenter does.
///
/// What was asked may be asked again later; where it changes something, look first whether [#mayHaveTakenEffect()].
public final class VCenterUnavailableException extends VCenterException {

    private final boolean mayHaveTakenEffect;

    /// @param message            which vCenter, what went wrong, what to do
    /// @param mayHaveTakenEffect whether the call was sent, so that vCenter may have done it all the same
    public VCenterUnavailableException(String message, boolean mayHaveTakenEffect,
            @Nullable Throwable cause) {
        super(message, cause);
        this.mayHaveTakenEffect = mayHaveTakenEffect;
    }

    /// Whether vCenter may have done what was asked: the call went out, only the answer did not come back whole.
    public boolean mayHaveTakenEffect() {
        return mayHaveTakenEffect;
    }
}
