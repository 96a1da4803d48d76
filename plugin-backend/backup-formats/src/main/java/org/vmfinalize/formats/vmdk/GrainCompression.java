package org.vmfinalize.formats.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Compression;
import org.vmfinalize.formats.chain.Decompressor;
import org.vmfinalize.formats.chain.Deflate;
import org.vmfinalize.formats.chain.Run;

/// Compressed grains of stream-optimized files: 8 bytes with the sector of the disk, 4 bytes with the length of the
/// stream, and a deflate stream with zlib's header. The last grain may be shorter than the others.
///
/// @param capacity of the extent, in bytes
record GrainCompression(long capacity) implements Compression {

    static final int HEAD_BYTES = 12;

    /// How many bytes of the file a grain has at most: what cannot be compressed grows a little.
    static int maxBytes(int grainSize) {
        return HEAD_BYTES + 2 * grainSize;
    }

    @Override
    public String what() {
        return "VMDK compressed grain";
    }

    @Override
    public Decompressor decompressor() {
        return new Deflate(true);
    }

    @Override
    public ByteBuffer stream(Run run, ByteBuffer stored) throws FormatException {
        var head = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long expected = inExtent(run) / SparseHeader.SECTOR;
        if (head.getLong(0) != expected) {
            throw damaged(run, "the sector must be %d but was %s".formatted(expected,
                    Long.toUnsignedString(head.getLong(0))));
        }
        long length = Integer.toUnsignedLong(head.getInt(8));
        int max = stored.remaining() - HEAD_BYTES;
        if (length < 1 || length > max) {
            throw damaged(run, "the length must be 1..%d but was %d".formatted(max, length));
        }
        return stored.slice(HEAD_BYTES, (int) length);
    }

    @Override
    public int neededBytes(Run run) {
        return (int) Math.min(run.source().blockSize(), capacity - inExtent(run));
    }

    private static long inExtent(Run run) {
        return run.source().blockStart(run.start()) - run.source().diskStart();
    }

    private FormatException damaged(Run run, String sentence) {
        return new FormatException(
                "%s: %s at byte %d of the file: %s".formatted(run.source().file().location(),
                        what(), run.host(), sentence));
    }
}
