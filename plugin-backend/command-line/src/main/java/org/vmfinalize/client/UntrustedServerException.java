package org.vmfinalize.client;

import java.io.IOException;

/// The server's certificate is not the one that is trusted, or is issued by nobody who is.
public final class UntrustedServerException extends IOException {

    private final String thumbprint;

    UntrustedServerException(String message, String thumbprint, Throwable cause) {
        super(message, cause);
        this.thumbprint = thumbprint;
    }

    /// SHA-256 of the certificate that the server showed: hexadecimal pairs with colons.
    public String thumbprint() {
        return thumbprint;
    }
}
