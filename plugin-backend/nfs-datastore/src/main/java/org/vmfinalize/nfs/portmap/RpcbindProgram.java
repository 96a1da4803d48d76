package org.vmfinalize.nfs.portmap;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// The portmapper's later versions, 3 and 4 (RFC 1833, section 2), which name addresses rather than ports and know IPv6.
///
/// **Threads:** any number.
public final class RpcbindProgram extends PortList {

    /// The versions that there are.
    public static final List<Integer> VERSIONS = List.of(3, 4);

    private static final int MAX_STRING = 256;
    /// Numbers, and three strings of a transport, an address and an owner.
    private static final int MOST_ENTRY_BYTES = 128;
    private static final String OWNER = "vm-finalize";

    private final int version;
    private final List<Mapping> mappings;
    private final ReachedAddress address;

    /// @param address by which clients reach this server
    public RpcbindProgram(int version, List<Mapping> mappings, ReachedAddress address) {
        this.version = version;
        this.mappings = List.copyOf(mappings);
        this.address = address;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    void skipEntry(XdrReader in) throws XdrException {
        wanted(in);
    }

    /// @param netId the transport; empty for any
    private record Wanted(int program, String netId) {}

    private static Wanted wanted(XdrReader in) throws XdrException {
        int program = in.readInt();
        in.readInt(); // version: the program itself says which one it has
        String netId = new String(in.readBytes(MAX_STRING), StandardCharsets.US_ASCII);
        in.readOpaque(MAX_STRING); // address
        in.readOpaque(MAX_STRING); // owner
        in.end();
        return new Wanted(program, netId);
    }

    @Override
    void find(Call call) throws XdrException {
        Wanted wanted = wanted(call.arguments());
        InetAddress reached = address.by(call.client());
        Optional<Mapping> found = mappings.stream().filter(mapping -> mapping.program() == wanted.program())
                .filter(mapping -> wanted.netId().isEmpty() || mapping.netId(reached).equals(wanted.netId()))
                .findFirst();
        putString(call.begin(MOST_ENTRY_BYTES),
                found.map(mapping -> mapping.universalAddress(reached)).orElse(""));
        call.send();
    }

    @Override
    void dump(Call call) {
        InetAddress reached = address.by(call.client());
        XdrWriter out = call.begin(mappings.size() * MOST_ENTRY_BYTES + 4);
        for (Mapping mapping : mappings) {
            out.putBoolean(true).putInt(mapping.program()).putInt(mapping.version());
            putString(out, mapping.netId(reached));
            putString(out, mapping.universalAddress(reached));
            putString(out, OWNER);
        }
        out.putBoolean(false);
        call.send();
    }

    private static void putString(XdrWriter out, String text) {
        out.putOpaque(text.getBytes(StandardCharsets.US_ASCII));
    }
}
