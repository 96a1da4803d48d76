package org.vmfinalize.formats.chain;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

/// Zstandard (RFC 8878), one or more frames.
///
/// The library is the original one, in C. A frame that asks for a window of more than 8 MiB is refused: RFC 8878 advises
/// every decoder to take that much, and without a bound one frame could ask for gigabytes.
public final class Zstd implements Decompressor {

    private static final int MAX_WINDOW_BITS = 23;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx().setLongMax(MAX_WINDOW_BITS);

    @Override
    public String what() {
        return "a zstd stream";
    }

    @Override
    public int decompress(ByteBuffer stream, byte[] block) throws DataFormatException {
        context.reset();
        context.setLongMax(MAX_WINDOW_BITS);
        ByteBuffer input = stream.slice();
        var output = ByteBuffer.wrap(block);
        try {
            while (output.hasRemaining() && input.hasRemaining()) {
                int before = input.position() + output.position();
                context.decompressByteBufferStream(output, input);
                if (input.position() + output.position() == before) {
                    break;
                }
            }
        } catch (ZstdException e) {
            var damaged = new DataFormatException(e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
        return output.position();
    }

    @Override
    public void close() {
        context.close();
    }
}
