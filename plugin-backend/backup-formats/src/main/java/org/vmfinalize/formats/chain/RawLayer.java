package org.vmfinalize.formats.chain;

/// A file, or the start of one, whose bytes are those of the disk.
///
/// @param size how many of them
public record RawLayer(Source source, long size) implements Layer {

    @Override
    public int blockSize() {
        return source.blockSize();
    }

    @Override
    public Run runAt(long position, long end) {
        return Run.stored(position, end, source, position);
    }
}
