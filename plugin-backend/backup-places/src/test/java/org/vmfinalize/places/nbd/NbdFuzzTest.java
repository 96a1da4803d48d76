package org.vmfinalize.places.nbd;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.trust.ServerTrust;

/// Whatever an NBD server says: an export is read, or that fails with an [IOException]; nothing else is thrown, and nobody
/// waits for ever.
class NbdFuzzTest {

    private static final int MULTI_CONN = 1 << 8;

    /// All that the server says, before it hangs up.
    @MethodSource("greetings")
    @FuzzTest
    void anyGreeting(byte[] input) throws IOException {
        try (var server = new ScriptedServer((_, out) -> {
            out.write(input);
            throw new IOException("hangs up");
        })) {
            readOrFail(server.uri());
        }
    }

    static Stream<byte[]> greetings() {
        var hello = "4e42444d41474943" + "49484156454f5054" + "0003";
        var reply = "0003e889045565a9";
        return Stream.of("", "00", "4e42444d41474943", "4e42444d41474943" + "0000420281861253", hello,
                hello + reply + "00000008" + "00000001" + "00000000",
                hello + reply + "00000008" + "00000001" + "ffffffff",
                hello + reply + "00000007" + "80000006" + "00000002" + "6e6f",
                hello + reply + "00000008" + "00000001" + "00000000" + reply + "0000000a" + "00000004"
                        + "00000013" + "00000007" + "626173653a616c6c6f636174696f6e" + reply
                        + "00000007" + "00000003" + "0000000c" + "0000ffffffffffffffff0001")
                .map(HexFormat.of()::parseHex);
    }

    /// A sound greeting, and for each request one chunk, whose head, but for the cookie, and content are the input.
    @MethodSource("replies")
    @FuzzTest
    void anyReply(byte[] input) throws IOException {
        try (var server = new ScriptedServer((in, out) -> {
            ScriptedServer.greet(in, out, 1 | MULTI_CONN);
            answer(in, out, input);
        })) {
            readOrFail(server.uri());
        }
    }

    private static void answer(DataInputStream in, DataOutputStream out, byte[] input) throws IOException {
        for (int i = 0; i < 3; i++) {
            var asked = ScriptedServer.Asked.read(in);
            var bytes = ByteBuffer.wrap(input);
            if (bytes.remaining() < 8) {
                break;
            }
            out.writeInt(0x668e_33ef);
            out.writeShort(bytes.getShort());
            out.writeShort(bytes.getShort());
            out.writeLong(asked.cookie());
            out.writeInt(bytes.getInt());
            out.write(input, 8, input.length - 8);
        }
        throw new IOException("hangs up");
    }

    /// Data, a hole, the end, errors with and without an offset, states of blocks; too long, too short, of unknown kinds.
    static Stream<byte[]> replies() {
        return Stream.of("0001000000000000", "0001000100000009" + "0000000000000000" + "61",
                "000100020000000c" + "0000000000000000" + "00010000",
                "000100020000000c" + "ffffffffffffffff" + "00010000",
                "000100050000000c" + "00000007" + "00010000" + "00000003", "0001000500000004" + "00000007",
                "0001800100000006" + "00000005" + "0000",
                "000180020000000e" + "00000005" + "0000" + "0000000000000000",
                "0001800100000006" + "00000005" + "ffff", "00010001ffffffff",
                "0000000100000008" + "0000000000000000",
                "0001123400000000", "").map(HexFormat.of()::parseHex);
    }

    private static void readOrFail(URI uri) {
        // Jazzer takes every connection for a finding unless told otherwise.
        BugDetectors.allowNetworkConnections((_, port) -> port == uri.getPort());
        var place = new NbdPlace("vault", uri, new ServerTrust(Optional.empty(), Optional.empty()),
                Duration.ofSeconds(5), new Link("vault", 4, Duration.ofMillis(1)), ReadThrough.straight());
        try (var file = place.open(uri.toString())) {
            int size = (int) Math.min(file.size(), 70_000);
            file.extents(new ByteRange(0, size)).forEachRemaining(_ -> {
            });
            file.read(ByteBuffer.allocate(size), 0);
        } catch (IOException | UncheckedIOException _) {
            // Refused, as it should be.
        }
        try {
            var _ = place.list(10);
        } catch (IOException _) {
            // The same.
        }
    }
}
