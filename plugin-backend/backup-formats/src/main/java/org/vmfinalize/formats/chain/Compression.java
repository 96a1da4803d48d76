package org.vmfinalize.formats.chain;

import java.nio.ByteBuffer;
import org.vmfinalize.backup.FormatException;

/// How a format stores a block that is compressed.
public interface Compression {

    /// That of files which have no compressed blocks.
    Compression NONE = new Compression() {

        @Override
        public String what() {
            return "block";
        }

        @Override
        public Decompressor decompressor() {
            throw new IllegalStateException("the file has no compressed blocks");
        }

        @Override
        public ByteBuffer stream(Run run, ByteBuffer stored) {
            throw new IllegalStateException("the file has no compressed blocks");
        }
    };

    /// What messages call such a block, such as "qcow2 compressed cluster".
    String what();

    /// A new one; whoever asks for it closes it.
    Decompressor decompressor();

    /// The compressed stream of a block.
    ///
    /// @param run a part of the block
    /// @param stored what lies in the file from [Run#host()] on, [Run#hostLength()] bytes
    ByteBuffer stream(Run run, ByteBuffer stored) throws FormatException;

    /// How many bytes the stream must make at least; the rest of the block is zeros.
    default int neededBytes(Run run) {
        return run.source().blockSize();
    }
}
