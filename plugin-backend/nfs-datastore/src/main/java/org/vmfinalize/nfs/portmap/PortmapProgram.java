package org.vmfinalize.nfs.portmap;

import java.util.List;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// The portmapper's version 2 (RFC 1833, section 3), which names ports.
///
/// **Threads:** any number.
public final class PortmapProgram extends PortList {

    public static final int NUMBER = 100000;
    public static final int VERSION = 2;

    private static final int MAPPING_BYTES = 5 * Integer.BYTES;

    private final List<Mapping> mappings;

    public PortmapProgram(List<Mapping> mappings) {
        this.mappings = List.copyOf(mappings);
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    void skipEntry(XdrReader in) throws XdrException {
        mapping(in);
    }

    @Override
    void find(Call call) throws XdrException {
        Mapping wanted = mapping(call.arguments());
        call.begin(4).putInt(portOf(wanted));
        call.send();
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

    @Override
    void dump(Call call) {
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
