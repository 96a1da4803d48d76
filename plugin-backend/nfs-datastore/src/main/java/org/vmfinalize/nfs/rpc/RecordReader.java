package org.vmfinalize.nfs.rpc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Finds the records in a byte stream (record marking, RFC 5531 section 11).
///
/// Each fragment has a four-byte header: the highest bit says that it is the record's last, the others are its length.
/// Fragments are joined in place, inside the receive buffer, so that a record in one fragment is never copied.
///
/// **Threads:** one at a time.
final class RecordReader {

    private static final int INITIAL_BYTES = 256 << 10;
    private static final int HEADER_BYTES = Integer.BYTES;
    /// Of a fragment that lacks more, no byte is read beyond its end: so the next one begins at the front, and nothing that
    /// is long has to be moved there.
    private static final int LARGE_BYTES = 64 << 10;
    /// With less room than this a read would fetch too little to be worth its system call.
    private static final int SMALLEST_ROOM = 4096;

    private final int recordBytes;
    private final int fragmentsPerRecord;

    /// Bytes received: those before `scan` have been looked at.
    private ByteBuffer buffer = ByteBuffer.allocateDirect(INITIAL_BYTES);
    private int scan;
    /// The record being joined; empty while `recordStart == recordEnd`.
    private int recordStart;
    private int recordEnd;
    private int fragments;

    RecordReader(int recordBytes, int fragmentsPerRecord) {
        this.recordBytes = recordBytes;
        this.fragmentsPerRecord = fragmentsPerRecord;
    }

    /// Room for more bytes. What [#next()] returned before is not valid any more.
    ByteBuffer room() {
        if (scan == buffer.position() && recordStart == recordEnd) {
            buffer.clear();
            scan = 0;
            recordStart = 0;
            recordEnd = 0;
        } else if (buffer.capacity() - buffer.position() < Math.max(missing(), SMALLEST_ROOM)) {
            moveToFront();
        }
        int most = missing() < LARGE_BYTES ? INITIAL_BYTES : missing();
        return buffer.limit(Math.min(buffer.capacity(), buffer.position() + most));
    }

    /// The next whole record, from its first byte to its last; null if its end has not arrived yet.
    ///
    /// @throws RecordException if the stream breaks the limits; it cannot be read any further
    @Nullable
    ByteBuffer next() throws RecordException {
        while (buffer.position() - scan >= HEADER_BYTES) {
            int header = buffer.getInt(scan);
            int length = header & Integer.MAX_VALUE;
            checkFragment(length);
            if (buffer.position() - scan - HEADER_BYTES < length) {
                return null;
            }
            join(length);
            if (header < 0) {
                return takeRecord();
            }
        }
        return null;
    }

    /// Whether a record has begun and its end is still missing.
    boolean isInsideRecord() {
        return scan < buffer.position() || recordStart != recordEnd;
    }

    private void checkFragment(int length) throws RecordException {
        int joined = recordEnd - recordStart;
        if (length == 0) {
            throw new RecordException("a fragment must not be empty");
        }
        if (length > recordBytes - joined) {
            throw new RecordException("a record must have at most %d bytes but has at least %d"
                    .formatted(recordBytes, (long) joined + length));
        }
        if (fragments == fragmentsPerRecord) {
            throw new RecordException(
                    "a record must have at most %d fragments".formatted(fragmentsPerRecord));
        }
    }

    private void join(int length) {
        int from = scan + HEADER_BYTES;
        if (recordStart == recordEnd) {
            recordStart = from;
            recordEnd = from + length;
        } else {
            buffer.put(recordEnd, buffer, from, length);
            recordEnd += length;
        }
        scan = from + length;
        fragments++;
    }

    private ByteBuffer takeRecord() {
        ByteBuffer record = buffer.slice(recordStart, recordEnd - recordStart);
        recordStart = scan;
        recordEnd = scan;
        fragments = 0;
        return record;
    }

    /// How many bytes the fragment that has begun still lacks, as far as its header tells.
    private int missing() {
        int have = buffer.position() - scan;
        if (have < HEADER_BYTES) {
            return HEADER_BYTES - have;
        }
        return (buffer.getInt(scan) & Integer.MAX_VALUE) + HEADER_BYTES - have;
    }

    /// Moves the begun record and the bytes behind it to the front of a buffer that is large enough for the rest.
    ///
    /// [#next()] has checked the fragment's length, so the need is at most one record, its headers and a read ahead.
    private void moveToFront() {
        int joined = recordEnd - recordStart;
        int ahead = buffer.position() - scan;
        int need = joined + ahead + missing();
        ByteBuffer target = need <= buffer.capacity()
                ? buffer
                : ByteBuffer
                        .allocateDirect(Math.max(need + INITIAL_BYTES, recordBytes + INITIAL_BYTES));
        target.put(0, buffer, recordStart, joined);
        target.put(joined, buffer, scan, ahead);
        buffer = target;
        buffer.limit(buffer.capacity()).position(joined + ahead);
        recordStart = 0;
        recordEnd = joined;
        scan = joined;
    }
}
