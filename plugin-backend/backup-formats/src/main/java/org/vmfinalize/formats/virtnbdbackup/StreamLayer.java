package org.vmfinalize.formats.virtnbdbackup;

import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;

/// One stream: what it has no frame for is in the one before it, or zeros.
record StreamLayer(Source source, StreamIndex index) implements Layer {

    @Override
    public long size() {
        return index.meta().size();
    }

    @Override
    public int blockSize() {
        return source.blockSize();
    }

    @Override
    public Run runAt(long position, long end) {
        int frame = index.firstEndingAfter(position);
        if (frame == index.count()) {
            return Run.nowhere(position, end, Run.Kind.BELOW, source);
        }
        long start = index.start(frame);
        if (position < start) {
            return Run.nowhere(position, Math.min(end, start), Run.Kind.BELOW, source);
        }
        long to = Math.min(end, index.end(frame));
        return index.host(frame) == StreamIndex.ZEROS
                ? Run.nowhere(position, to, Run.Kind.ZERO, source)
                : Run.stored(position, to, source, index.host(frame) + position - start);
    }
}
