package org.vmfinalize.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/// Byte streams of any form, arriving in pieces of any size: the same records come out as from a plain reading of the
/// standard, or the stream is refused.
class RecordFuzzTest {

    private static final int RECORD_BYTES = 2000;
    private static final int FRAGMENTS = 5;

    /// The first byte says how large the pieces are.
    @MethodSource("streams")
    @FuzzTest
    void anyStream(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + Byte.toUnsignedInt(input[0]) * 37;
        List<@Nullable ByteBuffer> expected = plainly(ByteBuffer.wrap(input, 1, input.length - 1));
        assertThat(inPieces(input, piece)).isEqualTo(expected);
    }

    /// A null at the end says that the rest is refused.
    private static List<@Nullable ByteBuffer> inPieces(byte[] input, int piece) {
        var reader = new RecordReader(RECORD_BYTES, FRAGMENTS);
        List<@Nullable ByteBuffer> records = new ArrayList<>();
        try {
            for (int at = 1; at < input.length;) {
                ByteBuffer room = reader.room();
                int length = Math.min(Math.min(piece, input.length - at), room.remaining());
                room.put(input, at, length);
                at += length;
                for (var record = reader.next(); record != null; record = reader.next()) {
                    records.add(ByteBuffer.allocate(record.remaining()).put(record).flip());
                }
            }
        } catch (RecordException _) {
            records.add(null);
        }
        return records;
    }

    private static List<@Nullable ByteBuffer> plainly(ByteBuffer stream) {
        List<@Nullable ByteBuffer> records = new ArrayList<>();
        var record = new ByteArrayOutputStream();
        int fragments = 0;
        while (stream.remaining() >= 4) {
            int header = stream.getInt();
            int length = header & Integer.MAX_VALUE;
            if (length == 0 || record.size() + (long) length > RECORD_BYTES || fragments == FRAGMENTS) {
                records.add(null);
                return records;
            }
            if (stream.remaining() < length) {
                return records;
            }
            byte[] fragment = new byte[length];
            stream.get(fragment);
            record.writeBytes(fragment);
            fragments++;
            if (header < 0) {
                records.add(ByteBuffer.wrap(record.toByteArray()));
                record.reset();
                fragments = 0;
            }
        }
        return records;
    }

    static Stream<byte[]> streams() {
        return Stream.of(stream(1, 0x80000004, 1, 0x80000008, 2, 3), stream(0, 4, 1, 4, 2, 0x80000004, 3),
                stream(0, 0), stream(2, 0x80000000), stream(9, -1, 5),
                stream(0, 4, 1, 4, 2, 4, 3, 4, 4, 4, 5, 4, 6),
                stream(1, 0x800007d1, 1), stream(3, 0x800007d0, 1, 2, 3));
    }

    private static byte[] stream(int piece, int... numbers) {
        var bytes = ByteBuffer.allocate(1 + 4 * numbers.length).put((byte) piece);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }
}
