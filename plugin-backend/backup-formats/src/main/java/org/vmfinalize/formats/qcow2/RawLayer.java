package org.vmfinalize.formats.qcow2;

import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;

/// A raw image at the bottom of a chain.
record RawLayer(Source source) implements Layer {

    @Override
    public long size() {
        return source.file().size();
    }

    @Override
    public int blockSize() {
        return source.blockSize();
    }

    @Override
    public Run runAt(long position, long end) {
        return Run.stored(position, end, source, position);
    }
}
