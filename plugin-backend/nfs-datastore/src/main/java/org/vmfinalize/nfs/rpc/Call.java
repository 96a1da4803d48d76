package org.vmfinalize.nfs.rpc;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// One call of a remote procedure, to be answered exactly once.
///
/// An answer is begun, written and sent: `begin`, then `send` (or `queue` and a later `flush`, for many answers at once),
/// or `abandon` to begin another one. Arguments are a view into the receive buffer: they are gone when the program's
/// [RpcProgram#call(Call)] returns, except what was copied.
///
/// **Threads:** one at a time; after [#detach(int)] any one.
public final class Call {

    /// Record marker, xid, REPLY, accepted, verifier (flavor and length), accept status.
    static final int REPLY_HEADER_BYTES = 7 * Integer.BYTES;

    private final ReplyPath path;
    private final int xid;
    private final int procedure;
    private final Credential credential;
    private final XdrReader arguments;
    private final ByteBuffer allArguments;
    private final long arrivedNanos = System.nanoTime();
    private @Nullable LongConsumer whenAnswered;
    private boolean detached;
    private boolean answered;
    private int heldBytes;
    private int replyStart;
    private @Nullable XdrWriter reply;

    Call(ReplyPath path, int xid, int procedure, Credential credential, XdrReader arguments) {
        this.path = path;
        this.xid = xid;
        this.procedure = procedure;
        this.credential = credential;
        this.arguments = arguments;
        allArguments = arguments.peekRemaining();
    }

    /// The transaction's number, chosen by the client; the same when it sends the call again.
    public int xid() {
        return xid;
    }

    /// From 0 to the program's procedure count, exclusive.
    public int procedure() {
        return procedure;
    }

    public Credential credential() {
        return credential;
    }

    public XdrReader arguments() {
        return arguments;
    }

    /// The client's address, without its port, which differs after it has reconnected.
    public InetAddress client() {
        return path.client();
    }

    /// Has `listener` told, once the answer is on its way, when this call had arrived, in the time of [System#nanoTime()].
    public void whenAnswered(LongConsumer listener) {
        whenAnswered = listener;
    }

    /// Hands the call off: it will be answered after [RpcProgram#call(Call)] has returned. It must be answered in any
    /// case, since it counts against the connection's limits until then.
    ///
    /// @param bytes how many bytes of copied arguments the call holds meanwhile
    public void detach(int bytes) {
        if (detached || answered) {
            throw new IllegalStateException("a call must be detached once, before it is answered");
        }
        detached = true;
        heldBytes = bytes;
        path.callDetached(bytes);
    }

    public boolean isDetached() {
        return detached;
    }

    /// Has a step that waits for a device done, after the calls that have arrived together with this one were looked at: by
    /// the calling thread, if it is the one that reads the connection, which another goes on with then. So nobody has to
    /// wake up before the step begins. In all other cases `otherwise` does it.
    public void runAside(Runnable step, Executor otherwise) {
        path.runAside(step, otherwise);
    }

    /// Whether so much waits on this call's connection, or for its client, that another call should not be made to wait:
    /// the connection would not be read any further soon.
    public boolean isCrowded() {
        return path.isCrowded();
    }

    /// About how many bytes of an answer a list may take that could be of any length.
    public int listBytes() {
        return path.listBytes();
    }

    /// Begins the answer "accepted, success".
    ///
    /// @param maxBytes most bytes that will be written to the result
    /// @return where the procedure's result goes
    public XdrWriter begin(int maxBytes) {
        XdrWriter out = beginReply(maxBytes);
        RpcMessage.putAccepted(out, xid, RpcMessage.SUCCESS);
        return out;
    }

    /// Sends the answer that was begun.
    public void send() {
        queue();
        if (detached) {
            path.flush();
        }
    }

    /// Finishes the answer that was begun; it leaves with the next [#flush()].
    public void queue() {
        path.finish(openReply(), replyStart, detached);
        reply = null;
        answered = true;
        if (detached) {
            path.callAnswered(heldBytes);
        }
        if (whenAnswered != null) {
            whenAnswered.accept(arrivedNanos);
        }
    }

    /// Sends the finished answers of this call's connection.
    public void flush() {
        path.flush();
    }

    /// Takes back the answer that was begun, if any.
    public void abandon() {
        if (reply != null) {
            path.cancel(reply, replyStart, detached);
            reply = null;
        }
    }

    /// Answers with a result that was encoded before.
    public void send(byte[] result) {
        begin(result.length).putFixedOpaque(result);
        send();
    }

    /// Answers "accepted, but": one of the errors of RFC 5531, section 9, that have no further data.
    void refuse(int acceptStatus) {
        abandon();
        RpcMessage.putAccepted(beginReply(0), xid, acceptStatus);
        send();
    }

    ReplyPath path() {
        return path;
    }

    boolean isAnswered() {
        return answered;
    }

    private XdrWriter beginReply(int maxBytes) {
        if (answered || reply != null) {
            throw new IllegalStateException("a call must be answered once");
        }
        XdrWriter out = path.begin(detached, maxBytes + REPLY_HEADER_BYTES);
        replyStart = out.position();
        reply = out;
        return out;
    }

    private XdrWriter openReply() {
        return Objects.requireNonNull(reply, "no answer was begun");
    }

    /// All bytes of the arguments, read or not: what tells this call from another one with the same number.
    public ByteBuffer allArguments() {
        return allArguments.duplicate();
    }
}
