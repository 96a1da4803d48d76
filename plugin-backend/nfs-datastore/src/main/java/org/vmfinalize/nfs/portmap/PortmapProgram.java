package org.vmfinalize.nfs.portmap;

import java.util.List;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.rpc.RpcProgram;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// A portmapper that knows the programs of this server and no others. Nobody can register anything, and it calls nobody
/// on behalf of others.
///
/// **Threads:** any number.
public final class PortmapProgram implements RpcProgram {

    public static final int NUMBER = 100000;
    public static final int VERSION = 2;

    private static final int NULL = 0;
    private static final int SET = 1;
    private static final int UNSET = 2;
    private static final int GETPORT = 3;
    private static final int DUMP = 4;
    private static final int MAPPING_BYTES = 5 * Integer.BYTES;

    private final List<Mapping> mappings;

    public PortmapProgram(List<Mapping> mappings) {
        this.mappings = List.copyOf(mappings);
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public int version() {
        return VERSION;
    }

    /// CALLIT, the sixth procedure, is left out: it would let clients call through this server from its address.
    @Override
    public int procedureCount() {
        return DUMP + 1;
    }

    @Override
    public boolean allowsAnonymous(int procedure) {
        return true;
    }

    @Override
    public void call(Call call) throws XdrException {
        switch (call.procedure()) {
            case NULL -> {
                call.arguments().end();
                call.begin(0);
                call.send();
            }
            case SET, UNSET -> {
                mapping(call.arguments());
                call.begin(4).putBoolean(false);
                call.send();
            }
            case GETPORT -> {
                Mapping wanted = mapping(call.arguments());
                call.begin(4).putInt(portOf(wanted));
                call.send();
            }
            case DUMP -> dump(call);
            default -> throw new IllegalStateException("the portmapper has no procedure " + call.procedure());
        }
    }

    private static Mapping mapping(XdrReader in) throws XdrException {
        Mapping mapping = new Mapping(in.readInt(), in.readInt(), in.readInt(), in.readInt());
        in.end();
        return mapping;
    }

    /// 0 if the program is not served. Another version of a program that is served gets its port, where the program itself
    /// says which version it has.
    private int portOf(Mapping wanted) {
        return mappings.stream()
                .filter(known -> known.program() == wanted.program() && known.protocol() == wanted.protocol())
                .mapToInt(Mapping::port).findFirst().orElse(0);
    }

    private void dump(Call call) throws XdrException {
        call.arguments().end();
        XdrWriter out = call.begin(mappings.size() * MAPPING_BYTES + 4);
        for (Mapping mapping : mappings) {
            out.putBoolean(true).putInt(mapping.program()).putInt(mapping.version())
                    .putInt(mapping.protocol())
                    .putInt(mapping.port());
        }
        out.putBoolean(false);
        call.send();
    }
}
