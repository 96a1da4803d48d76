package org.vmfinalize.formats.vhd;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.formats.Corpus;
import org.vmfinalize.formats.ReadOrRefuse;

/// Whatever is in the log of a VHDX that was not closed cleanly: it is replayed and read, or refused.
class VhdxLogFuzzTest {

    /// A sector of descriptors and one of data.
    private static final int ENTRY_BYTES = 8192;

    /// The input changes the log's entry, whose checksum is right all the same.
    @MethodSource("logs")
    @FuzzTest
    void anyVhdxLog(byte[] input) {
        var image = new DirtyLog().entry(1).letters(3 << 20, 'x').zeros(4 << 20, ENTRY_BYTES).end(0).image();
        byte[] bytes = image.bytes().array();
        byte[] entry = Corpus.patched(
                Arrays.copyOfRange(bytes, SmallVhdx.LOG, SmallVhdx.LOG + ENTRY_BYTES), input);
        var sum = new CRC32C();
        Arrays.fill(entry, 4, 8, (byte) 0);
        sum.update(entry);
        ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).putInt(4, (int) sum.getValue());
        System.arraycopy(entry, 0, bytes, SmallVhdx.LOG, ENTRY_BYTES);
        ReadOrRefuse.file(new VhdxFormat(), "top.vhdx", bytes);
    }

    static Stream<byte[]> logs() {
        return Corpus.of("anyVhdxLog");
    }
}
