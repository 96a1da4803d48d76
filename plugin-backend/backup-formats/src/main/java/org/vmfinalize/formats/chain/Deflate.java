package org.vmfinalize.formats.chain;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Deflate, bare (RFC 1951) or with zlib's header and check sum (RFC 1950).
public final class Deflate implements Decompressor {

    private final Inflater inflater;

    public Deflate(boolean zlibHeader) {
        this.inflater = new Inflater(!zlibHeader);
    }

    @Override
    public String what() {
        return "a deflate stream";
    }

    @Override
    public int decompress(ByteBuffer stream, byte[] block) throws DataFormatException {
        inflater.reset();
        inflater.setInput(stream);
        int filled = 0;
        while (filled < block.length) {
            int count = inflater.inflate(block, filled, block.length - filled);
            if (count == 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
