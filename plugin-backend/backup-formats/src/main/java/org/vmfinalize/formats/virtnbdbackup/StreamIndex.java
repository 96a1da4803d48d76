package org.vmfinalize.formats.virtnbdbackup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
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
/// In a compressed stream a data frame has one or more LZ4 frames instead of its bytes, as many bytes as [CompressedSizes]
/// say, which follow behind the frame 'stop', and \r\n, and
///
///     comp 0000000000000000 LENGTH\r\n   nothing: what is in front of it has LENGTH bytes
///
/// It takes 24 bytes of memory for each frame.
final class StreamIndex {

    static final long ZEROS = -1;

    private static final int HEADER_BYTES = 40;
    private static final int WINDOW_BYTES = 4096;
    private static final int MAX_FRAMES = 1_000_000;
    private static final int MAX_META = 64 << 10;
    private static final int LZ4_HEAD_BYTES = 14;
    private static final int LZ4_MAGIC = 0x184d_2204;
    private static final int LZ4_HAS_SIZE = 1 << 3;
    private static final Pattern HEADER = Pattern
            .compile("(meta|data|zero|stop|comp) ([0-9a-f]{16}) ([0-9a-f]{16})\r\n");
    private static final byte[] META = "meta ".getBytes(StandardCharsets.US_ASCII);

    private final BackupFile file;
    private final StreamMeta meta;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
    private long windowStart;
    private long position;
    private final int max;
    private int count;
    private long[] starts = new long[1024];
    private long[] ends = new long[1024];
    private long[] hosts = new long[1024];
    private final Optional<CompressedSizes> sizes;
    private final Lz4Pieces pieces = new Lz4Pieces();
    private long end;
    private int dataFrames;

    private StreamIndex(BackupFile file, int max) throws IOException {
        this.file = file;
        this.max = max;
        this.window.limit(0);
        this.end = file.size();
        this.meta = readMeta();
        this.sizes = meta.compressed() ? Optional.of(readSizes()) : Optional.empty();
    }

    static boolean isAtStartOf(byte[] head) {
        return head.length >= META.length && Arrays.equals(head, 0, META.length, META, 0, META.length);
    }

    /// Reads all headers.
    ///
    /// @param above how many entries the streams have that lie above this one
    /// @throws NotAnImageException if the file is no stream
    /// @throws FormatException if a frame is damaged, lies before the one in front of it, or the end is missing
    static StreamIndex read(BackupFile file, int above) throws IOException {
        var index = new StreamIndex(file, MAX_FRAMES - above);
        index.readFrames();
        return index;
    }

    StreamMeta meta() {
        return meta;
    }

    /// What has the bytes: the file, or what it unpacks to.
    BackupFile content() {
        return meta.compressed() ? new UnpackedFile(file, pieces) : file;
    }

    int count() {
        return count;
    }

    /// How much memory it takes, in frames.
    int entries() {
        return Math.max(count, sizes.map(CompressedSizes::pieces).orElse(0));
    }

    long start(int frame) {
        return starts[frame];
    }

    long end(int frame) {
        return ends[frame];
    }

    /// Where the frame's bytes begin in [#content()], or [#ZEROS].
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
            if (kind.equals("meta") || kind.equals("comp")) {
                throw damaged("a frame '%s' must not come here but does".formatted(kind));
            }
            long last = count == 0 ? 0 : ends[count - 1];
            long start = number(header.group(2), "start", last, meta.size());
            long length = number(header.group(3), "length", 1, meta.size() - start);
            position += HEADER_BYTES;
            boolean data = kind.equals("data");
            if (data) {
                dataSize += length;
                addData(start, length);
                skipLineEnd();
            } else {
                add(start, start + length, ZEROS);
            }
        }
        checkEnd();
        if (dataSize != meta.dataSize()) {
            throw damaged(
                    "the data frames must have the meta frame's dataSize of %d bytes but have %d".formatted(
                            meta.dataSize(), dataSize));
        }
    }

    private void addData(long start, long length) throws IOException {
        long stored = length;
        if (sizes.isPresent()) {
            add(start, start + length, pieces.size());
            stored = addPieces(sizes.get(), length);
        } else {
            add(start, start + length, position);
        }
        checkFits(stored);
        position += stored;
    }

    private void checkFits(long length) throws FormatException {
        if (length > end - position) {
            throw damaged(
                    "the length must be at most %d, up to the file's end, but was %d; the stream is cut off"
                            .formatted(end - position, length));
        }
    }

    /// @return how many bytes of the file all pieces of the frame have
    private long addPieces(CompressedSizes list, long length) throws IOException {
        if (dataFrames == list.frames()) {
            throw damaged("there must be %d data frames, as many as sizes, but there are more".formatted(
                    list.frames()));
        }
        int count = list.pieces(dataFrames);
        // All but the last are of one size; virtnbdbackup takes what the NBD server gives at once.
        long each = count == 1 ? length : contentSize(position);
        if (each < 1 || each > Lz4Pieces.MAX_BYTES || Math.ceilDiv(length, each) != count) {
            throw damaged("%d bytes must be in pieces of 1..%d bytes but are in %d of %d".formatted(length,
                    Lz4Pieces.MAX_BYTES, count, each));
        }
        long stored = 0;
        for (int i = 0; i < count; i++) {
            int size = list.size(dataFrames, i);
            checkFits(stored + size);
            pieces.add(position + stored, size, (int) Math.min(each, length - i * each));
            stored += size;
        }
        dataFrames++;
        return stored;
    }

    /// What the head of an LZ4 frame says that it makes; 0 if it does not.
    private long contentSize(long at) throws IOException {
        if (at > end - LZ4_HEAD_BYTES) {
            return 0;
        }
        var head = ByteBuffer.wrap(bytes(at, LZ4_HEAD_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        return head.getInt(0) == LZ4_MAGIC && (head.get(4) & LZ4_HAS_SIZE) != 0 ? head.getLong(6) : 0;
    }

    private CompressedSizes readSizes() throws IOException {
        long start = position;
        position = file.size() - HEADER_BYTES;
        Matcher trailer = header();
        if (!trailer.group(1).equals("comp")) {
            throw damaged("a frame 'comp' must end a compressed stream but does not; the stream is cut off");
        }
        long room = position - 2 - start;
        long length = number(trailer.group(3), "length", 2, Math.max(2, room));
        position -= length + 2;
        end = position;
        var list = CompressedSizes.read(file, ByteRange.of(end, length), max);
        position = start;
        return list;
    }

    private void checkEnd() throws FormatException {
        if (sizes.isPresent() && (position + HEADER_BYTES != end || dataFrames != sizes.get().frames())) {
            throw damaged(
                    "the frame 'stop' must come at %d, after %d data frames, but comes after %d".formatted(
                            end - HEADER_BYTES, sizes.get().frames(), dataFrames));
        }
    }

    private void add(long start, long to, long host) throws FormatException {
        if (count == max) {
            throw damaged(
                    "there must be at most %d more frames in the chain but there are; restore it: virtnbdrestore -i FOLDER -o NEW"
                            .formatted(max));
        }
        if (count == starts.length) {
            int more = Math.min(max, count * 2);
            starts = Arrays.copyOf(starts, more);
            ends = Arrays.copyOf(ends, more);
            hosts = Arrays.copyOf(hosts, more);
        }
        starts[count] = start;
        ends[count] = to;
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
