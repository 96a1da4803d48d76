package org.vmfinalize.formats.chain;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;

/// Decompresses blocks, one after the other.
///
/// It makes no more bytes than a block has, whatever the stream says, and takes memory in proportion to that.
///
/// **Threads:** one. Close it to free what the library behind it holds outside of the heap.
public interface Decompressor extends Closeable {

    /// What messages call such a stream, such as "a deflate stream".
    String what();

    /// Fills `block` from its start, as far as the stream goes. What the stream would make beyond that, and what follows
    /// it, is not looked at.
    ///
    /// @return how many bytes were made
    /// @throws DataFormatException if the stream is damaged
    int decompress(ByteBuffer stream, byte[] block) throws DataFormatException;

    @Override
    void close();
}
