package org.vmfinalize.nfs.portmap;

import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.rpc.RpcProgram;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;

/// What all versions of a portmapper share. It knows the programs of this server and no others: nobody can register anything,
/// and it calls nobody on behalf of others, which would let clients call from its address.
///
/// **Threads:** any number.
abstract class PortList implements RpcProgram {

    private static final int NULL = 0;
    private static final int SET = 1;
    private static final int UNSET = 2;
    private static final int FIND = 3;
    private static final int DUMP = 4;

    /// Reads an entry, of which nothing is needed but that it has the right form.
    abstract void skipEntry(XdrReader in) throws XdrException;

    /// Says where the program of an entry is.
    abstract void find(Call call) throws XdrException;

    /// Lists all entries.
    abstract void dump(Call call);

    @Override
    public final int number() {
        return PortmapProgram.NUMBER;
    }

    /// The procedures behind DUMP are left out: they call others for a client, or convert addresses of transports that are
    /// not served here.
    @Override
    public final int procedureCount() {
        return DUMP + 1;
    }

    @Override
    public final boolean allowsAnonymous(int procedure) {
        return true;
    }

    @Override
    public final void call(Call call) throws XdrException {
        switch (call.procedure()) {
            case NULL -> {
                call.arguments().end();
                call.begin(0);
                call.send();
            }
            case SET, UNSET -> {
                skipEntry(call.arguments());
                call.begin(4).putBoolean(false);
                call.send();
            }
            case FIND -> find(call);
            case DUMP -> {
                call.arguments().end();
                dump(call);
            }
            default -> throw new IllegalStateException("a portmapper has no procedure " + call.procedure());
        }
    }
}
