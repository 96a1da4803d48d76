package org.vmfinalize.backup;

/// A half-open range of bytes, `[start, end)`.
///
/// @param start first byte, at least 0
/// @param end the byte behind the last one, at least `start`
public record ByteRange(long start, long end) {

    public ByteRange {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "a byte range must have 0 <= start <= end but was [%d, %d)".formatted(start, end));
        }
    }

    /// A range by its length.
    ///
    /// @throws IllegalArgumentException if the end would lie beyond [Long#MAX_VALUE] or `length` is negative
    public static ByteRange of(long start, long length) {
        return new ByteRange(start, start + length);
    }

    public long length() {
        return end - start;
    }

    public boolean isEmpty() {
        return start == end;
    }

    public boolean contains(ByteRange other) {
        return start <= other.start && other.end <= end;
    }

    public boolean overlaps(ByteRange other) {
        return start < other.end && other.start < end;
    }

    /// The part of this range that lies in `other`; empty, at this range's nearer edge, if there is none.
    public ByteRange within(ByteRange other) {
        long from = Math.clamp(start, other.start, other.end);
        return new ByteRange(from, Math.max(from, Math.min(end, other.end)));
    }

    @Override
    public String toString() {
        return "[%d, %d)".formatted(start, end);
    }
}
