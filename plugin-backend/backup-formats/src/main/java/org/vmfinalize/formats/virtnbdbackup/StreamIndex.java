package org.vmfinalize.formats.virtnbdbackup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;

/// Where the bytes of a stream lie: found by going from frame to frame when it is opened. A frame has a header of 40 bytes,
/// a word and two numbers in hexadecimal, and for some what follows:
///
///     meta 0000000000000000 LENGTH\r\n   LENGTH bytes of JSON, and \r\n
///     data START            LENGTH\r\n   LENGTH bytes of the disk from START on, and \r\n
///     zero START            LENGTH\r\n   nothing: the disk has zeros there
///     stop 0000000000000000 0…\r\n       nothing: the stream ends
///
/// It takes 24 bytes of memory for each frame.
final class StreamIndex {

    static final long ZEROS = -1;

    private static final int HEADER_BYTES = 40;
    private static final int WINDOW_BYTES = 4096;
    private static final int MAX_FRAMES = 1_000_000;
    private static final int MAX_META = 64 << 10;
    private static final Pattern HEADER = Pattern
            .compile("(meta|data|zero|stop) ([0-9a-f]{16}) ([0-9a-f]{16})\r\n");
    private static final byte[] META = "meta ".getBytes(StandardCharsets.US_ASCII);

    private final BackupFile file;
    private final StreamMeta meta;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
    private long windowStart;
    private long position;
    private int count;
    private long[] starts = new long[1024];
    private long[] ends = new long[1024];
    private long[] hosts = new long[1024];

    private StreamIndex(BackupFile file) throws IOException {
        this.file = file;
        this.window.limit(0);
        this.meta = readMeta();
    }

    static boolean isAtStartOf(byte[] head) {
        return head.length >= META.length && Arrays.equals(head, 0, META.length, META, 0, META.length);
    }

    /// Reads all headers.
    ///
    /// @throws NotAnImageException if the file is no stream
    /// @throws FormatException if a frame is damaged, lies before the one in front of it, or the end is missing
    static StreamIndex read(BackupFile file) throws IOException {
        var index = new StreamIndex(file);
        index.readFrames();
        return index;
    }

    StreamMeta meta() {
        return meta;
    }

    int count() {
        return count;
    }

    long start(int frame) {
        return starts[frame];
    }

    long end(int frame) {
        return ends[frame];
    }

    /// Where the frame's bytes begin in the file, or [#ZEROS].
    long host(int frame) {
        return hosts[frame];
    }

    /// The first frame that ends behind `diskPosition`; [#count()] if none does.
    int firstEndingAfter(long diskPosition) {
        int found = Arrays.binarySearch(ends, 0, count, diskPosition);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private StreamMeta readMeta() throws IOException {
        if (file.size() < HEADER_BYTES || !isAtStartOf(bytes(0, META.length))) {
            throw new NotAnImageException(file.location() + ": must begin with a frame 'meta' but does not");
        }
        Matcher header = header();
        long length = number(header.group(3), "length", 1, Math.min(MAX_META, file.size() - HEADER_BYTES));
        byte[] json = bytes(HEADER_BYTES, (int) length);
        position = HEADER_BYTES + length;
        skipLineEnd();
        return StreamMeta.parse(file.location(), json);
    }

    private void readFrames() throws IOException {
        long dataSize = 0;
        while (true) {
            Matcher header = header();
            String kind = header.group(1);
            if (kind.equals("stop")) {
                break;
            }
            if (kind.equals("meta")) {
                throw damaged("there must be one 'meta' but there is another");
            }
            long last = count == 0 ? 0 : ends[count - 1];
            long start = number(header.group(2), "start", last, meta.size());
            long length = number(header.group(3), "length", 1, meta.size() - start);
            position += HEADER_BYTES;
            boolean data = kind.equals("data");
            if (data && length > file.size() - position) {
                throw damaged(
                        "the length must be at most %d, up to the file's end, but was %d; the stream is cut off"
                                .formatted(file.size() - position, length));
            }
            add(start, start + length, data ? position : ZEROS);
            if (data) {
                dataSize += length;
                position += length;
                skipLineEnd();
            }
        }
        if (dataSize != meta.dataSize()) {
            throw damaged(
                    "the data frames must have the meta frame's dataSize of %d bytes but have %d".formatted(
                            meta.dataSize(), dataSize));
        }
    }

    private void add(long start, long end, long host) throws FormatException {
        if (count == MAX_FRAMES) {
            throw damaged(
                    "there must be at most %d frames but there are more; restore it: virtnbdrestore -i FOLDER -o NEW"
                            .formatted(MAX_FRAMES));
        }
        if (count == starts.length) {
            int more = Math.min(MAX_FRAMES, count * 2);
            starts = Arrays.copyOf(starts, more);
            ends = Arrays.copyOf(ends, more);
            hosts = Arrays.copyOf(hosts, more);
        }
        starts[count] = start;
        ends[count] = end;
        hosts[count] = host;
        count++;
    }

    private Matcher header() throws IOException {
        if (position > file.size() - HEADER_BYTES) {
            throw damaged("a frame 'stop' must end the stream but the file ends; the stream is cut off");
        }
        Matcher header = HEADER
                .matcher(new String(bytes(position, HEADER_BYTES), StandardCharsets.ISO_8859_1));
        if (!header.matches()) {
            throw damaged("a frame must begin with meta, data, zero or stop and two numbers but does not");
        }
        return header;
    }

    private void skipLineEnd() throws IOException {
        if (position > file.size() - 2 || !Arrays.equals(bytes(position, 2), new byte[]{'\r', '\n'})) {
            throw damaged("the data of a frame must be followed by a line end but are not");
        }
        position += 2;
    }

    private long number(String hex, String field, long min, long max) throws FormatException {
        long value = Long.parseUnsignedLong(hex, 16);
        if (value < min || value > max) {
            throw damaged("the %s must be %d..%d but was %s".formatted(field, min, max,
                    Long.toUnsignedString(value)));
        }
        return value;
    }

    /// Bytes of the file by way of a window, since headers of zeros follow closely on one another.
    private byte[] bytes(long at, int length) throws IOException {
        if (length > WINDOW_BYTES) {
            var direct = ByteBuffer.allocate(length);
            file.read(direct, at);
            return direct.array();
        }
        if (at < windowStart || at + length > windowStart + window.limit()) {
            window.clear().limit((int) Math.min(WINDOW_BYTES, file.size() - at));
            file.read(window, at);
            window.flip();
            windowStart = at;
        }
        var copy = new byte[length];
        window.get((int) (at - windowStart), copy);
        return copy;
    }

    private FormatException damaged(String sentence) {
        return new FormatException(
                "%s: virtnbdbackup frame at %d: %s".formatted(file.location(), position, sentence));
    }
}
