package org.vmfinalize.nfs.rpc;

import java.io.IOException;

/// One version of a remote program.
///
/// **Threads:** [#call(Call)] is called by the threads of all connections at the same time.
public interface RpcProgram {

    /// The program's number, such as 100003 for NFS.
    int number();

    /// The only version that is served.
    int version();

    /// Procedures are numbered from 0 to this, exclusive.
    int procedureCount();

    /// Whether `procedure` may be called without credentials (AUTH_NONE).
    boolean allowsAnonymous(int procedure);

    /// Answers one call, or hands it off with [Call#detach(int)] to be answered later by any thread.
    ///
    /// It runs on the connection's thread: while it runs nothing else on the connection is answered, so it must not wait.
    ///
    /// @throws org.vmfinalize.nfs.xdr.XdrException if the arguments do not decode; answered as GARBAGE_ARGS
    /// @throws IOException if anything else goes wrong before an answer was begun; answered as SYSTEM_ERR
    void call(Call call) throws IOException;
}
