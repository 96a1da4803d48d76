package org.vmfinalize.nfs.v3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// READ (RFC 1813, 3.3.6).
///
/// Data in the page cache are read into the connection's send buffer and answered at once. What has to come from a device
/// is read by the threads for that, what has to come from a backup by a virtual thread, so that neither delays anything
/// else on the connection.
///
/// A result never holds bytes from beyond the file's end, and says "end of file" whenever it reaches that: ESXi takes
/// anything else for an error.
final class ReadProcedure {

    private static final int HEADER_BYTES = Attributes.POST_OP_BYTES + 3 * Integer.BYTES;

    private final Exports exports;
    private final Answers answers;
    private final Executor waiting;
    private final PageCacheReads cached = new PageCacheReads();

    /// What is to be read.
    ///
    /// @param length bytes that the file has there
    /// @param end whether they are its last ones
    private record Range(long offset, int length, boolean end) {}

    /// @param waiting runs what waits for a backup
    ReadProcedure(Exports exports, Answers answers, Executor waiting) {
        this.exports = exports;
        this.answers = answers;
        this.waiting = waiting;
    }

    void read(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject file = new Subject(exports, Arguments.handle(in), call.client())) {
            long offset = in.readLong();
            long count = in.readUnsignedInt();
            in.end();
            try {
                FileStatus status = file.status();
                check(status, file.permissions(call));
                read(call, file, status, rangeOf(status, offset, count));
            } catch (IOException | RuntimeException e) {
                call.abandon();
                answers.fail(call, Attributes.POST_OP_BYTES, e, file::putPostOp);
            }
        }
    }

    private static void check(FileStatus status, Permissions permissions) throws NfsException {
        if (!status.isRegular()) {
            throw new NfsException(status.isDirectory() ? NfsStatus.ISDIR : NfsStatus.INVAL);
        }
        // Who may execute a file must be able to read it: the client does the executing.
        if (!permissions.allow(status, Permissions.EXECUTE)) {
            permissions.requireForData(status, Permissions.READ);
        }
    }

    private static Range rangeOf(FileStatus status, long offset, long count) throws NfsException {
        if (Long.compareUnsigned(offset + count, offset) < 0) {
            throw new NfsException(NfsStatus.INVAL);
        }
        if (offset < 0 || offset >= status.size()) {
            return new Range(0, 0, true);
        }
        int length = (int) Math.min(Math.min(count, FileSystemProcedures.MAX_TRANSFER),
                status.size() - offset);
        return new Range(offset, length, offset + length == status.size());
    }

    private void read(Call call, Subject file, FileStatus status, Range range) throws IOException {
        LiveDisk live = file.tree().liveDisk(file.node());
        boolean missing = live != null && !live.isLocal(range.offset(), range.length());
        if (live != null) {
            call.whenAnswered(live.guest().asks(missing));
        }
        if (live != null && missing) {
            requireRoomToWait(call);
            Subject later = file.again();
            call.detach(0);
            waiting.execute(() -> readThrough(call, later, live, range));
            return;
        }
        // What is local is in the flat file and stays there, so it can be read as any other file.
        XdrWriter out = call.begin(Integer.BYTES + HEADER_BYTES + range.length() + 3);
        putHeader(out, status, file.tree().id(), range);
        if (readCached(file, out.buffer(), range)) {
            out.pad(range.length());
            call.send();
            return;
        }
        call.abandon();
        Subject later = file.again();
        call.detach(0);
        answers.disk(file).execute(() -> readFromDevice(call, later, range));
    }

    /// A connection with too many calls that wait would not be read any further, heartbeats and all.
    ///
    /// @throws NfsException JUKEBOX if the client has to come again
    static void requireRoomToWait(Call call) throws NfsException {
        if (call.isCrowded()) {
            throw new NfsException(NfsStatus.JUKEBOX);
        }
    }

    private boolean readCached(Subject file, ByteBuffer buffer, Range range) throws IOException {
        int limit = buffer.limit();
        buffer.limit(buffer.position() + range.length());
        boolean complete = cached.read(file.fd(), buffer, range.offset());
        buffer.limit(limit);
        return complete;
    }

    private void readFromDevice(Call call, Subject file, Range range) {
        answer(call, file, range, buffer -> Posix.read(file.fd(), buffer, range.offset()));
    }

    private void readThrough(Call call, Subject file, LiveDisk live, Range range) {
        try (file) {
            file.tree().waitingReads().acquire(file.node().waitingReads(), range.length());
            try {
                answer(call, file, range, buffer -> live.read(buffer, range.offset()));
            } finally {
                file.tree().waitingReads().release(file.node().waitingReads(), range.length());
            }
        } catch (IOException e) {
            throw new IllegalStateException("a file that was found is not known any more", e);
        }
    }

    private interface Source {

        void fill(ByteBuffer buffer) throws IOException;
    }

    private void answer(Call call, Subject file, Range range, Source source) {
        try (file) {
            XdrWriter out = call.begin(Integer.BYTES + HEADER_BYTES + range.length() + 3);
            int start = out.position();
            putHeader(out, file.status(), file.tree().id(), range);
            int data = out.position();
            ByteBuffer buffer = out.buffer();
            int limit = buffer.limit();
            buffer.limit(data + range.length());
            source.fill(buffer);
            buffer.limit(limit);
            int length = out.position() - data;
            if (length < range.length()) {
                // The file was cut meanwhile: what is there is all there is.
                out.rewindTo(start);
                putHeader(out, file.status(), file.tree().id(), new Range(range.offset(), length, true));
                out.rewindTo(data + length);
            }
            out.pad(length);
            call.send();
        } catch (IOException | RuntimeException e) {
            call.abandon();
            answers.fail(call, Attributes.POST_OP_BYTES, e, file::putPostOp);
        }
    }

    private static void putHeader(XdrWriter out, FileStatus status, int exportId, Range range) {
        out.putInt(NfsStatus.OK.number());
        Attributes.putPostOp(out, status, exportId);
        out.putInt(range.length()).putBoolean(range.end()).putInt(range.length());
    }
}
