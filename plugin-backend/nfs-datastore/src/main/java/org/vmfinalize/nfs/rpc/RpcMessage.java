package org.vmfinalize.nfs.rpc;

import org.vmfinalize.nfs.xdr.XdrWriter;

/// The numbers and reply headers of RFC 5531, section 9.
final class RpcMessage {

    static final int RPC_VERSION = 2;

    static final int CALL = 0;
    static final int REPLY = 1;

    static final int MSG_ACCEPTED = 0;
    static final int MSG_DENIED = 1;

    static final int SUCCESS = 0;
    static final int PROG_UNAVAIL = 1;
    static final int PROG_MISMATCH = 2;
    static final int PROC_UNAVAIL = 3;
    static final int GARBAGE_ARGS = 4;
    static final int SYSTEM_ERR = 5;

    static final int RPC_MISMATCH = 0;
    static final int AUTH_ERROR = 1;

    static final int AUTH_BADCRED = 1;
    static final int AUTH_BADVERF = 3;
    static final int AUTH_TOOWEAK = 5;

    /// Bytes that the longest reply without a result takes, beside its header.
    static final int MAX_ERROR_BYTES = 2 * Integer.BYTES;

    private RpcMessage() {}

    static void putAccepted(XdrWriter out, int xid, int status) {
        out.putInt(xid).putInt(REPLY).putInt(MSG_ACCEPTED);
        out.putInt(Credential.AUTH_NONE).putInt(0); // the server's verifier
        out.putInt(status);
    }

    static void putProgramMismatch(XdrWriter out, int xid, int lowest, int highest) {
        putAccepted(out, xid, PROG_MISMATCH);
        out.putInt(lowest).putInt(highest);
    }

    static void putRpcMismatch(XdrWriter out, int xid) {
        out.putInt(xid).putInt(REPLY).putInt(MSG_DENIED).putInt(RPC_MISMATCH);
        out.putInt(RPC_VERSION).putInt(RPC_VERSION);
    }

    static void putAuthError(XdrWriter out, int xid, int status) {
        out.putInt(xid).putInt(REPLY).putInt(MSG_DENIED).putInt(AUTH_ERROR).putInt(status);
    }
}
