package org.vmfinalize.nfs.rpc;

import java.net.InetAddress;
import java.util.concurrent.Executor;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// The way back to the client of a call.
interface ReplyPath {

    InetAddress client();

    /// A writer with room for a reply of `maxBytes`. Replies to calls that are not detached are begun by the thread that
    /// dispatches calls, one at a time.
    XdrWriter begin(boolean detached, int maxBytes);

    /// Takes the reply that was begun at `start`; it leaves with the next [#flush()] at the latest.
    void finish(XdrWriter out, int start, boolean detached);

    /// Forgets the reply that was begun at `start`.
    void cancel(XdrWriter out, int start, boolean detached);

    /// Sends all finished replies as far as the client takes them, and the rest as soon as it does. Never waits.
    void flush();

    /// Whether the client is close to the limit of what may wait.
    boolean isCrowded();

    /// See [Call#listBytes].
    default int listBytes() {
        return 32 << 10;
    }

    /// See [Call#runAside].
    default void runAside(Runnable step, Executor otherwise) {
        otherwise.execute(step);
    }

    /// Counts a call that holds `bytes` until it has been answered.
    void callDetached(int bytes);

    /// Counts the answer of such a call.
    void callAnswered(int bytes);
}
