package org.vmfinalize.nfs.xdr;

import java.io.IOException;

/// Bytes that are not the XDR form of what was expected: too short, too long, or a value out of its range.
public final class XdrException extends IOException {

    public XdrException(String message) {
        super(message);
    }
}
