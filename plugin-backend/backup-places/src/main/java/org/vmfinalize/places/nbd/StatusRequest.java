package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The question which parts of a range are zeros (`doc/proto.md`, "base:allocation").
final class StatusRequest extends Request<List<Extent>> {

    static final int BLOCK_STATUS = 7;

    private static final int HOLE = 1;
    private static final int ZERO = 2;
    private static final int MAX_EXTENTS = 1 << 17;

    private final int context;
    private final long exportSize;
    private final List<Extent> extents = new ArrayList<>();
    private long position;

    StatusRequest(long offset, int length, int context, long exportSize) {
        super(offset, length);
        this.context = context;
        this.exportSize = exportSize;
        this.position = offset;
    }

    @Override
    int command() {
        return BLOCK_STATUS;
    }

    @Override
    void status(int of, long count, int flags) throws IOException {
        if (of != context) {
            return;
        }
        if (count < 1 || extents.size() == MAX_EXTENTS) {
            throw new IOException("an extent must be 1 byte or more, of at most %d, but is %d".formatted(
                    MAX_EXTENTS, count));
        }
        // The last one may reach beyond what was asked, but not beyond the export.
        long end = Math.min(exportSize, position + count);
        if (end > position) {
            extents.add(new Extent(new ByteRange(position, end), kind(flags)));
        }
        position = end;
    }

    /// Only the zero bit says how it reads; a hole may read as anything.
    private static Extent.Kind kind(int flags) {
        if ((flags & ZERO) != 0) {
            return Extent.Kind.ZERO;
        }
        return (flags & HOLE) != 0 ? Extent.Kind.UNKNOWN : Extent.Kind.DATA;
    }

    @Override
    List<Extent> result() throws IOException {
        if (extents.isEmpty()) {
            throw new IOException("a block status must tell of 1 extent or more but told of none");
        }
        return extents;
    }
}
