package org.vmfinalize.nfs.v3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.GroupCommit;
import org.vmfinalize.nfs.export.LiveFiles;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.export.WriteVerifier;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// WRITE and COMMIT (RFC 1813, 3.3.7 and 3.3.21).
///
/// Data go from the receive buffer to the page cache at once, whatever their stability; an unstable write is answered
/// then. Stable ones and COMMIT wait for a sync of the file, which all who wait at the same time share. A write to a live
/// disk that has to read the backup for its edges is done by a virtual thread.
final class WriteProcedures {

    static final int UNSTABLE = 0;
    static final int FILE_SYNC = 2;
    private static final int RESULT_BYTES = Attributes.WCC_BYTES + 4 + 4 + WriteVerifier.BYTES;

    private final Exports exports;
    private final Answers answers;
    private final ReplayCache replays;
    private final Executor waiting;
    private final int leastStability;

    /// @param waiting runs what waits for a backup
    /// @param leastStability how stable every write is made, whatever the client asks for
    WriteProcedures(Exports exports, Answers answers, ReplayCache replays, Executor waiting,
            int leastStability) {
        this.exports = exports;
        this.answers = answers;
        this.replays = replays;
        this.waiting = waiting;
        this.leastStability = leastStability;
    }

    /// @param data to be written; a view of the receive buffer until the call is handed off
    /// @param count how many bytes the client says they are
    private record Write(long offset, long count, int stability, ByteBuffer data) {

        void check(FileStatus status) throws NfsException {
            requireRegular(status);
            if (count != data.remaining() || Long.compareUnsigned(offset + count, offset) < 0) {
                throw new NfsException(NfsStatus.INVAL);
            }
            if (offset < 0 || offset + count < 0) {
                throw new NfsException(NfsStatus.FBIG);
            }
        }

        void checkInside(LiveDisk live) throws NfsException {
            if (offset + count > live.size()) {
                throw new NfsException(NfsStatus.FBIG);
            }
        }

        Write copied() {
            ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
            return new Write(offset, count, stability, copy);
        }
    }

    /// How things stood before data were written: if a sync fails after that, they may be lost with it.
    private record Before(long failures, long verifier) {

        static Before of(Subject file) throws IOException {
            return new Before(file.node().commits().failures(), file.tree().verifier().value());
        }
    }

    private static void requireRegular(FileStatus status) throws NfsException {
        if (!status.isRegular()) {
            throw new NfsException(status.isDirectory() ? NfsStatus.ISDIR : NfsStatus.INVAL);
        }
    }

    void write(Call call) throws XdrException {
        XdrReader in = call.arguments();
        Subject file = new Subject(exports, Arguments.handle(in), call.client());
        Write write = new Write(in.readLong(), in.readUnsignedInt(),
                Math.max(leastStability, in.readEnum(FILE_SYNC)),
                in.readOpaque(FileSystemProcedures.MAX_TRANSFER));
        in.end();
        try {
            file.requireWritable();
            file.tree().liveFiles().requireNoParent(file.node());
            FileStatus status = file.beforeChange();
            write.check(status);
            file.permissions(call).requireForData(status, Permissions.WRITE);
            write(call, file, write);
        } catch (IOException | RuntimeException e) {
            fail(List.of(call), file, e);
        }
    }

    private void write(Call call, Subject file, Write write) throws IOException {
        LiveDisk live = file.tree().liveDisk(file.node());
        Before before = Before.of(file);
        if (live != null) {
            write.checkInside(live);
            boolean alone = live.writesWithoutBackup(write.offset(), write.count());
            call.whenAnswered(live.guest().asks(!alone));
            if (joinsTwin(call)) {
                file.close();
                return;
            }
            if (!alone) {
                ReadProcedure.requireRoomToWait(call);
                handOff(call, file, write, live);
                return;
            }
            live.write(write.data(), write.offset());
        } else {
            Posix.write(file.fd(), write.data(), write.offset());
        }
        written(file, write);
        answer(List.of(call), file, write, before);
    }

    private static void written(Subject file, Write write) throws IOException {
        LiveFiles.written(file.node());
        file.changed();
        if (write.stability() == UNSTABLE) {
            file.node().setDirty(true);
        }
    }

    /// Whether the same call, sent before, is still at work. It must not be overtaken by its repetition: it would then be
    /// able to overwrite what the client, having got the answer to the repetition, writes next.
    private boolean joinsTwin(Call call) {
        return replays.isBusy() && replays.join(keyOf(call), call, 0);
    }

    private static ReplayCache.Key keyOf(Call call) {
        return ReplayCache.keyOf(call, Nfs3Program.NUMBER);
    }

    private void handOff(Call call, Subject file, Write write, LiveDisk live) {
        Write copy = write.copied();
        ReplayCache.Key key = keyOf(call);
        if (!replays.begin(key, call, copy.data().remaining())) {
            file.close();
            return;
        }
        waiting.execute(() -> {
            Before before;
            try {
                before = Before.of(file);
                live.write(copy.data(), copy.offset());
                written(file, copy);
            } catch (IOException | RuntimeException e) {
                fail(replays.end(key), file, e);
                return;
            }
            answer(replays.end(key), file, copy, before);
        });
    }

    /// Answers a write that is in the page cache: now, or once it is durable.
    private void answer(List<Call> calls, Subject file, Write write, Before before) {
        if (write.stability() == UNSTABLE) {
            for (Call call : calls) {
                answers.now(call, RESULT_BYTES, out -> putWritten(out, file, write, UNSTABLE, before),
                        file::putWcc);
            }
            file.close();
        } else {
            sync(calls, file, before, out -> putWritten(out, file, write, FILE_SYNC, before));
        }
    }

    private static void putWritten(XdrWriter out, Subject file, Write write, int committed, Before before) {
        file.putWcc(out);
        out.putInt((int) write.count()).putInt(committed);
        out.putLong(before.verifier());
    }

    void commit(Call call) throws XdrException {
        XdrReader in = call.arguments();
        Subject file = new Subject(exports, Arguments.handle(in), call.client());
        in.readLong(); // all of the file is made durable, whatever the range
        in.readInt();
        in.end();
        try {
            file.requireWritable();
            requireRegular(file.before());
            Before before = Before.of(file);
            LiveDisk live = file.tree().liveDisk(file.node());
            if (live != null) {
                call.whenAnswered(live.guest().asks(false));
            }
            sync(List.of(call), file, before, out -> {
                file.putWcc(out);
                out.putLong(file.tree().verifier().value());
            });
        } catch (IOException | RuntimeException e) {
            fail(List.of(call), file, e);
        }
    }

    private void sync(List<Call> calls, Subject file, Before before, Answers.Success success) {
        try {
            for (Call call : calls) {
                if (!call.isDetached()) {
                    call.detach(0);
                }
            }
            var tree = file.tree();
            var node = file.node();
            node.commits().add(new Synced(calls, file, success), before.failures(), () -> tree.sync(node),
                    step -> calls.getFirst().runAside(step, answers.disk(file)));
        } catch (IOException | RuntimeException e) {
            fail(calls, file, e);
        }
    }

    private void fail(List<Call> calls, Subject file, Exception cause) {
        for (Call call : calls) {
            answers.fail(call, Attributes.WCC_BYTES, cause, file::putWcc);
        }
        file.close();
    }

    /// Answers calls once their file is durable.
    private final class Synced implements GroupCommit.Waiter {

        private final List<Call> calls;
        private final Subject file;
        private final Answers.Success success;

        Synced(List<Call> calls, Subject file, Answers.Success success) {
            this.calls = calls;
            this.file = file;
            this.success = success;
        }

        @Override
        public void synced(@Nullable IOException failure) {
            if (failure != null) {
                fail(calls, file, failure);
                return;
            }
            for (Call call : calls) {
                answers.queue(call, RESULT_BYTES, success, file::putWcc);
            }
            file.close();
        }

        @Override
        public void flush() {
            calls.forEach(Call::flush);
        }
    }
}
