package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;

/// A part of the disk of an image.
///
/// **Threads:** any number.
interface VmdkExtent {

    /// How many bytes of the disk it is.
    long size();

    /// The size of its grains in bytes, a power of two.
    int blockSize();

    /// As [org.vmfinalize.formats.chain.Layer#runAt(long, long)], with positions on the disk that lie in this extent.
    Run runAt(long position, long end) throws IOException;

    /// Bytes of the disk that lie in a file as they are.
    ///
    /// @param host where they begin in the file
    record Flat(Source source, long size, long host) implements VmdkExtent {

        @Override
        public int blockSize() {
            return source.blockSize();
        }

        @Override
        public Run runAt(long position, long end) {
            return Run.stored(position, end, source, host + position - source.diskStart());
        }
    }

    /// Bytes of the disk that are zeros and in no file.
    ///
    /// @param source the descriptor
    record Zero(Source source, long size) implements VmdkExtent {

        @Override
        public int blockSize() {
            return source.blockSize();
        }

        @Override
        public Run runAt(long position, long end) {
            return Run.nowhere(position, end, Run.Kind.ZERO, source);
        }
    }
}
