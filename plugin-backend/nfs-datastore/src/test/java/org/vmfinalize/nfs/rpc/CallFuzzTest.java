package org.vmfinalize.nfs.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls of any form: each is answered once, in a form that the protocol knows, and reaches nothing outside the export.
///
/// Here the known calls are tried, whole, cut and with odd numbers; `scripts/fuzz nfs` looks for further ones.
class CallFuzzTest {

    private static final int NFS = 100003;
    private static final int MOUNT = 100005;
    private static final int PORTMAP = 100000;
    private static FuzzedExport export;

    @BeforeAll
    static void open() throws IOException {
        export = new FuzzedExport();
    }

    @AfterAll
    static void close() throws IOException {
        export.close();
    }

    @MethodSource("messages")
    @FuzzTest
    void anyMessage(byte[] message) throws IOException {
        export.check(message);
    }

    /// The first byte says which procedure is called, the others are its arguments.
    @MethodSource("arguments")
    @FuzzTest
    void anyArguments(byte[] input) throws IOException {
        if (input.length > 0) {
            export.check(call(input[0], Arrays.copyOfRange(input, 1, input.length)));
        }
    }

    private static byte[] call(int number, byte[] arguments) {
        int kind = Byte.toUnsignedInt((byte) number);
        if (kind < 22) {
            return message(NFS, 3, kind, arguments);
        }
        return kind < 28
                ? message(MOUNT, 3, kind - 22, arguments)
                : message(PORTMAP, 2, kind - 28, arguments);
    }

    private static byte[] message(int program, int version, int procedure, byte[] arguments) {
        var message = ByteBuffer.allocate(15 * 4 + arguments.length);
        for (int number : new int[]{7, 0, 2, program, version, procedure, 1, 20, 0, 0, 0, 0, 0, 0, 0}) {
            message.putInt(number);
        }
        return message.put(arguments).array();
    }

    static Stream<byte[]> messages() {
        List<byte[]> all = new ArrayList<>();
        arguments().forEach(input -> all.add(call(input[0], Arrays.copyOfRange(input, 1, input.length))));
        byte[] longest = all.getFirst();
        for (int length = 0; length < longest.length; length += 3) {
            all.add(Arrays.copyOf(longest, length));
        }
        byte[] entry = new Input().numbers(NFS, 3).text("tcp").text("127.0.0.1.8.1").text("").procedure(0);
        for (int procedure = 0; procedure < 5; procedure++) {
            all.add(message(PORTMAP, 3, procedure, Arrays.copyOfRange(entry, 1, entry.length)));
            all.add(message(PORTMAP, 4, procedure, new byte[0]));
        }
        all.add(message(NFS, 4, 0, new byte[0]));
        all.add(message(400122, 1, 0, new byte[0]));
        return all.stream();
    }

    static Stream<byte[]> arguments() {
        var root = new Input().handle('R');
        var file = new Input().handle('F');
        int unchanged = 0;
        int[] attributes = {1, 0644, unchanged, unchanged, 1, 0, 10, 1, 2, 5, 5};
        return Stream.of(
                new Input().with(root).text("made").numbers(0).numbers(attributes).procedure(8),
                new Input().with(root).text("made").numbers(2, 3, 4).procedure(8),
                new Input().with(root).text("..").numbers(1).numbers(attributes).procedure(8),
                new Input().procedure(0), root.procedure(1), file.procedure(1),
                new Input().with(file).numbers(attributes).numbers(0).procedure(2),
                new Input().with(file).numbers(0, 0, 0, 1, -1, -1, 0, 0, 1, 0, 0).procedure(2),
                new Input().with(root).text("f").procedure(3),
                new Input().with(root).text("../outside").procedure(3),
                new Input().with(root).text(".vmfinalize").procedure(3),
                new Input().with(file).numbers(63).procedure(4),
                file.procedure(5), new Input().with(file).numbers(0, 2, 100).procedure(6),
                new Input().with(file).numbers(-1, -1, -1).procedure(6),
                new Input().with(file).numbers(0, 1, 3, 2).text("abc").procedure(7),
                new Input().with(file).numbers(0x7fffffff, -1, 3, 0).text("abc").procedure(7),
                new Input().with(root).text("folder").numbers(attributes).procedure(9),
                new Input().with(root).text("link").numbers(attributes).text("/etc").procedure(10),
                new Input().with(root).text("node").numbers(4).numbers(attributes).numbers(1, 1)
                        .procedure(11),
                new Input().with(root).text("f").procedure(12),
                new Input().with(root).text("d").procedure(13),
                new Input().with(root).text("f").handle('D').text("g").procedure(14),
                new Input().with(root).text("d").handle('D').text("g").procedure(14),
                new Input().with(file).handle('D').text("hard").procedure(15),
                new Input().with(root).numbers(0, 0, 0, 0, 8192).procedure(16),
                new Input().with(root).numbers(-1, -1, 0, 0, 8192, 8192).procedure(17),
                root.procedure(18), root.procedure(19), root.procedure(20),
                new Input().with(file).numbers(0, 0, 0).procedure(21),
                new Input().text("/ds/d").procedure(23),
                new Input().text("/ds/../..").procedure(23), new Input().procedure(24),
                new Input().text("/ds").procedure(25), new Input().procedure(26), new Input().procedure(27),
                new Input().numbers(NFS, 3, 6, 0).procedure(31), new Input().procedure(32));
    }

    /// Builds arguments.
    private static final class Input {
        private final ByteBuffer bytes = ByteBuffer.allocate(400);

        private Input with(Input other) {
            bytes.put(other.bytes.duplicate().flip());
            return this;
        }

        private Input handle(char letter) {
            bytes.putInt(24).put("VFH1".getBytes(US_ASCII)).put((byte) letter).put(new byte[19]);
            return this;
        }

        private Input numbers(int... numbers) {
            for (int number : numbers) {
                bytes.putInt(number);
            }
            return this;
        }

        private Input text(String text) {
            bytes.putInt(text.length()).put(text.getBytes(US_ASCII)).put(new byte[-text.length() & 3]);
            return this;
        }

        private byte[] procedure(int number) {
            byte[] input = new byte[1 + bytes.position()];
            input[0] = (byte) number;
            bytes.get(0, input, 1, bytes.position());
            return input;
        }
    }
}
