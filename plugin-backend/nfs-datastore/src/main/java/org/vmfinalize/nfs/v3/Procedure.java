package org.vmfinalize.nfs.v3;

import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;

/// One procedure of NFS version 3.
interface Procedure {

    /// Decodes the arguments, then answers the call or hands it off.
    ///
    /// @throws XdrException if the arguments do not decode; nothing has been done then
    void call(Call call) throws XdrException;
}
