package org.vmfinalize.nfs.rpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// Answers calls that come as datagrams, one by one. Only for programs that never hand a call off.
///
/// **Threads:** its own runs [#run()].
final class UdpService implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UdpService.class);
    private static final int DATAGRAM_BYTES = 65507;
    private static final int PACKET_BYTES = 1400;

    private final DatagramChannel channel;
    private final RpcDispatcher dispatcher;
    private final Predicate<InetAddress> known;

    /// @param known says who gets answers: a sender's address can be forged, and answers that are longer than their calls
    ///        would then be sent to somebody who has not asked
    UdpService(InetSocketAddress address, RpcDispatcher dispatcher, Predicate<InetAddress> known)
            throws IOException {
        this.dispatcher = dispatcher;
        this.known = known;
        channel = DatagramChannel.open();
        try {
            channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void run() {
        ByteBuffer datagram = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
        ByteBuffer reply = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
        while (channel.isOpen()) {
            try {
                InetSocketAddress client = (InetSocketAddress) channel.receive(datagram.clear());
                if (known.test(client.getAddress())) {
                    dispatcher.dispatch(datagram.flip(), new Datagram(client, reply.clear()));
                }
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException e) {
                LOG.debug("a datagram could not be answered: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// The way back to the sender of one datagram.
    private final class Datagram implements ReplyPath {

        private final InetSocketAddress sender;
        private final ByteBuffer buffer;

        Datagram(InetSocketAddress sender, ByteBuffer buffer) {
            this.sender = sender;
            this.buffer = buffer;
        }

        @Override
        public InetAddress client() {
            return sender.getAddress();
        }

        @Override
        public XdrWriter begin(boolean detached, int maxBytes) {
            return new XdrWriter(buffer.clear());
        }

        @Override
        public void finish(XdrWriter out, int start, boolean detached) {
            try {
                channel.send(buffer.flip(), sender);
            } catch (IOException e) {
                LOG.debug("client {}: a reply could not be sent: {}", client(), e.getMessage());
            }
        }

        @Override
        public void cancel(XdrWriter out, int start, boolean detached) {
            buffer.clear();
        }

        @Override
        public void flush() {
            // Each reply is sent when it is finished.
        }

        /// One packet: the sender's address may be forged, and the call be meant to have much sent to somebody else.
        @Override
        public int listBytes() {
            return PACKET_BYTES;
        }

        @Override
        public boolean isCrowded() {
            return false;
        }

        @Override
        public void callDetached(int bytes) {
            throw new IllegalStateException("calls that come as datagrams must be answered at once");
        }

        @Override
        public void callAnswered(int bytes) {
            throw new IllegalStateException("calls that come as datagrams must be answered at once");
        }
    }
}
