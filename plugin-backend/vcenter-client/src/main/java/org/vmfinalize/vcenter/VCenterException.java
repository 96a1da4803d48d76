package org.vmfinalize.vcenter;

import org.jspecify.annotations.Nullable;

/// A call of vCenter did not do what was asked. The message is one line and fit for users.
public abstract sealed class VCenterException extends RuntimeException
        permits VCenterFault, VCenterUnavailableException {

    VCenterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
