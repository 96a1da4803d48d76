package org.vmfinalize.nfs.rpc;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// Keeps the reply to one call.
final class MemoryReply implements ReplyPath {

    /// More than any reply that is not that of a READ of a whole megabyte.
    private static final int BYTES = (1 << 20) + (64 << 10);
    private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(BYTES);

    final ByteBuffer sent = BUFFER.clear();
    int count;

    @Override
    public InetAddress client() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public XdrWriter begin(boolean detached, int maxBytes) {
        return new XdrWriter(sent.clear());
    }

    @Override
    public void finish(XdrWriter out, int start, boolean detached) {
        count++;
    }

    @Override
    public void cancel(XdrWriter out, int start, boolean detached) {
        sent.clear();
    }

    @Override
    public void flush() {
        // What was sent is there to be looked at.
    }

    @Override
    public boolean isCrowded() {
        return false;
    }

    @Override
    public void callDetached(int bytes) {
        // One call at a time needs no limit.
    }

    @Override
    public void callAnswered(int bytes) {
        // As above.
    }
}
