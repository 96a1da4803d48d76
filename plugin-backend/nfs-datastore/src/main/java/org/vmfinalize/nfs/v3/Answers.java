package org.vmfinalize.nfs.v3;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.vmfinalize.nfs.export.ExportTree;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// The ways in which procedures are answered.
///
/// **Threads:** any number.
final class Answers {

    /// Puts the rest of a result, behind its status. What it throws becomes the status instead.
    interface Success {

        void put(XdrWriter out) throws IOException;
    }

    /// Puts the rest of a result whose status is an error.
    interface Failure {

        void put(XdrWriter out);
    }

    private final Failures failures;
    private final ReplayCache replays;
    private final Function<ExportTree, Executor> disk;
    private final Predicate<InetAddress> known;

    /// @param disk runs what waits for an export's device
    /// @param known whether a client may use any export
    Answers(Failures failures, ReplayCache replays, Function<ExportTree, Executor> disk,
            Predicate<InetAddress> known) {
        this.known = known;
        this.failures = failures;
        this.replays = replays;
        this.disk = disk;
    }

    /// Answers now.
    ///
    /// @param maxBytes the longest result, without its status
    void now(Call call, int maxBytes, Success success, Failure failure) {
        put(call.begin(maxBytes + Integer.BYTES), success, failure);
        call.send();
    }

    /// Has an answer ready for the next flush of its call.
    void queue(Call call, int maxBytes, Success success, Failure failure) {
        put(call.begin(maxBytes + Integer.BYTES), success, failure);
        call.queue();
    }

    /// Answers as soon as a thread for work with devices is free.
    ///
    /// @param about what the call is about: the threads are those of its export
    void soon(Call call, Subject about, int maxBytes, Success success, Failure failure) {
        call.detach(0);
        disk(about).execute(() -> now(call, maxBytes, success, failure));
    }

    /// Does what must not be done twice, and answers: a client that sends the call again gets the same answer.
    ///
    /// @param about what the call is about: it is done by threads of its export
    void once(Call call, int program, Subject about, int maxBytes, Success success, Failure failure) {
        if (!known.test(call.client())) {
            // Nothing will be done, and its answer must not push another client's out.
            now(call, maxBytes, success, failure);
            return;
        }
        ReplayCache.Key key = ReplayCache.keyOf(call, program);
        if (!replays.isNew(key, call)) {
            return;
        }
        disk(about).execute(() -> {
            ByteBuffer result = ByteBuffer.allocate(maxBytes + Integer.BYTES);
            put(new XdrWriter(result), success, failure);
            byte[] bytes = java.util.Arrays.copyOf(result.array(), result.position());
            replays.answer(key, bytes);
        });
    }

    /// Answers with an error that has been found out before.
    void fail(Call call, int maxBytes, Exception cause, Failure failure) {
        XdrWriter out = call.begin(maxBytes + Integer.BYTES);
        out.putInt(failures.statusOf(cause).number());
        failure.put(out);
        call.send();
    }

    NfsStatus statusOf(Exception failure) {
        return failures.statusOf(failure);
    }

    /// What runs the steps of a call that wait for a device. A file of no export is not looked for long.
    Executor disk(Subject about) {
        ExportTree tree = about.namedTree();
        return tree == null ? Runnable::run : disk.apply(tree);
    }

    private void put(XdrWriter out, Success success, Failure failure) {
        int start = out.position();
        try {
            out.putInt(NfsStatus.OK.number());
            success.put(out);
        } catch (IOException | RuntimeException e) {
            out.rewindTo(start);
            out.putInt(failures.statusOf(e).number());
            failure.put(out);
        }
    }
}
