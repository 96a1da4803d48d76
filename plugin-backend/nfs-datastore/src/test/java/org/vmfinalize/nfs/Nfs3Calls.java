package org.vmfinalize.nfs;

import java.io.IOException;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;

/// Calls procedures of NFS and waits for what they return.
interface Nfs3Calls {

    /// Encodes arguments.
    interface Arguments {
        void encode(XdrEncodingStream out) throws IOException;
    }

    /// Decodes a result.
    interface Result<T> {
        T decode(XdrDecodingStream in) throws IOException;
    }

    /// Calls one.
    ///
    /// @throws IOException also if there is no answer, or one of another form
    <T> T nfs(int procedure, Arguments arguments, Result<T> result) throws IOException;
}
