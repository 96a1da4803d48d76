package org.vmfinalize.places.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.remote.PassingException;

/// Comes to terms with a server: fixed newstyle, TLS if it is asked for, structured replies, `base:allocation`.
///
/// **Threads:** one.
final class Handshake {

    private static final long INIT_MAGIC = 0x4e42_444d_4147_4943L;
    private static final long OPTION_MAGIC = 0x4948_4156_454f_5054L;
    private static final int FIXED_NEWSTYLE = 1;
    private static final int NO_ZEROES = 2;

    private static final int OPT_EXPORT_NAME = 1;
    private static final int OPT_ABORT = 2;
    private static final int OPT_LIST = 3;
    private static final int OPT_STARTTLS = 5;
    private static final int OPT_GO = 7;
    private static final int OPT_STRUCTURED_REPLY = 8;
    private static final int OPT_SET_META_CONTEXT = 10;

    private static final int INFO_EXPORT = 0;
    private static final int INFO_BLOCK_SIZE = 3;

    private static final String ALLOCATION = "base:allocation";
    private static final int DEFAULT_MIN_BLOCK = 512;
    private static final int MAX_READ_BYTES = 4 << 20;
    private static final int UNUSED_BYTES = 124;

    private final NbdAddress address;
    private final boolean zeroes;
    private Wire wire;

    private Handshake(NbdAddress address, Wire wire, boolean zeroes) {
        this.address = address;
        this.wire = wire;
        this.zeroes = zeroes;
    }

    /// Greets the server.
    ///
    /// @param trust how its certificate is checked, if the address says TLS
    static Handshake begin(NbdAddress address, Wire wire, SSLContext trust) throws IOException {
        long magic = wire.readLong();
        long style = wire.readLong();
        if (magic != INIT_MAGIC || style != OPTION_MAGIC) {
            throw new IOException(
                    "must be an NBD server that speaks the newstyle protocol but greets with %x %x".formatted(
                            magic, style));
        }
        int flags = wire.readShort();
        if ((flags & FIXED_NEWSTYLE) == 0) {
            throw new IOException(
                    "must be an NBD server that speaks the fixed newstyle protocol but does not");
        }
        int ours = flags & (FIXED_NEWSTYLE | NO_ZEROES);
        wire.write(ByteBuffer.allocate(4).putInt(ours).flip());
        var handshake = new Handshake(address, wire, (ours & NO_ZEROES) == 0);
        if (address.tls()) {
            handshake.startTls(trust);
        }
        return handshake;
    }

    /// The wire to go on with: another one than at the beginning if TLS was started.
    Wire wire() {
        return wire;
    }

    private void startTls(SSLContext trust) throws IOException {
        send(OPT_STARTTLS, new byte[0]);
        var reply = OptionReply.read(wire, OPT_STARTTLS);
        if (reply.type() != OptionReply.ACK) {
            throw new IOException("must offer TLS, since the address says nbds, but refuses it: "
                    + reply.reason());
        }
        wire = wire.encrypted(trust, address);
    }

    /// Opens the export of the address. Nothing more can be negotiated afterwards.
    ///
    /// @throws BackupNotFoundException if the server has no such export
    NbdExport open() throws IOException {
        boolean structured = structuredReplies();
        var allocation = structured ? allocationContext() : OptionalInt.empty();
        send(OPT_GO, goRequest());
        var size = Optional.<ByteBuffer>empty();
        var blocks = Optional.<ByteBuffer>empty();
        while (true) {
            var reply = OptionReply.read(wire, OPT_GO);
            if (reply.type() == OptionReply.ACK) {
                return export(size.orElseThrow(() -> new IOException("the export's size was not told")),
                        blocks, structured, allocation);
            }
            if (reply.type() == OptionReply.ERR_UNSUP) {
                return openByName(structured, allocation);
            }
            if (reply.isError()) {
                throw refused(reply);
            }
            if (reply.type() == OptionReply.INFO && reply.data().remaining() >= 2) {
                var info = reply.data();
                switch (Short.toUnsignedInt(info.getShort())) {
                    case INFO_EXPORT -> size = Optional.of(info);
                    case INFO_BLOCK_SIZE -> blocks = Optional.of(info);
                    default -> {
                        // Not asked for, and of no use here.
                    }
                }
            }
        }
    }

    private boolean structuredReplies() throws IOException {
        send(OPT_STRUCTURED_REPLY, new byte[0]);
        return OptionReply.read(wire, OPT_STRUCTURED_REPLY).type() == OptionReply.ACK;
    }

    private OptionalInt allocationContext() throws IOException {
        byte[] name = address.export().getBytes(UTF_8);
        byte[] query = ALLOCATION.getBytes(UTF_8);
        send(OPT_SET_META_CONTEXT, ByteBuffer.allocate(12 + name.length + query.length).putInt(name.length)
                .put(name).putInt(1).putInt(query.length).put(query).array());
        var found = OptionalInt.empty();
        while (true) {
            var reply = OptionReply.read(wire, OPT_SET_META_CONTEXT);
            if (reply.type() == OptionReply.META_CONTEXT && reply.data().remaining() == 4 + query.length) {
                found = OptionalInt.of(reply.data().getInt());
            } else if (reply.type() == OptionReply.ACK) {
                return found;
            } else if (reply.isError()) {
                return OptionalInt.empty();
            }
        }
    }

    private byte[] goRequest() {
        byte[] name = address.export().getBytes(UTF_8);
        return ByteBuffer.allocate(8 + name.length).putInt(name.length).put(name).putShort((short) 1)
                .putShort((short) INFO_BLOCK_SIZE).array();
    }

    private IOException refused(OptionReply reply) {
        String why = "NBD server %s does not open the export '%s': %s".formatted(address.server(),
                address.export(), reply.reason());
        return switch (reply.type()) {
            case OptionReply.ERR_UNKNOWN -> new BackupNotFoundException(why);
            case OptionReply.ERR_SHUTDOWN -> new PassingException(why);
            default -> new IOException(why);
        };
    }

    /// For servers that do not know GO. They cannot say that an export is not there: they hang up.
    private NbdExport openByName(boolean structured, OptionalInt allocation) throws IOException {
        send(OPT_EXPORT_NAME, address.export().getBytes(UTF_8));
        var answer = ByteBuffer.wrap(wire.readBytes(10));
        if (zeroes) {
            wire.skip(UNUSED_BYTES);
        }
        return export(answer, Optional.empty(), structured, allocation);
    }

    private static NbdExport export(ByteBuffer info, Optional<ByteBuffer> blocks, boolean structured,
            OptionalInt allocation) throws IOException {
        try {
            long size = info.getLong();
            int flags = Short.toUnsignedInt(info.getShort());
            if (size <= 0) {
                throw new IOException("the export must hold 1 byte or more but its size is %s".formatted(
                        Long.toUnsignedString(size)));
            }
            int least = DEFAULT_MIN_BLOCK;
            int most = MAX_READ_BYTES;
            if (blocks.isPresent()) {
                least = blocks.get().getInt();
                blocks.get().getInt(); // the preferred size
                long told = Integer.toUnsignedLong(blocks.get().getInt());
                if (Integer.bitCount(least) != 1 || least < 1 || least > 65536 || told < least) {
                    throw new IOException(
                            "block sizes must be a power of two up to 65536 and not less than that but were %d and %d"
                                    .formatted(least, told));
                }
                most = Math.toIntExact(Math.min(told, MAX_READ_BYTES)) / least * least;
            }
            return new NbdExport(size, flags, least, most, structured, allocation);
        } catch (BufferUnderflowException e) {
            throw new IOException("what the server tells of the export must be whole but is cut", e);
        }
    }

    /// The names of the server's exports.
    List<String> list() throws IOException {
        send(OPT_LIST, new byte[0]);
        var names = new ArrayList<String>();
        while (true) {
            var reply = OptionReply.read(wire, OPT_LIST);
            if (reply.type() == OptionReply.ACK) {
                return names;
            }
            if (reply.isError()) {
                throw new IOException("NBD server %s does not list its exports: %s".formatted(
                        address.server(), reply.reason()));
            }
            if (reply.type() == OptionReply.SERVER) {
                names.add(nameIn(reply.data()));
            }
        }
    }

    private static String nameIn(ByteBuffer entry) throws IOException {
        if (entry.remaining() < 4) {
            throw new IOException("an export's entry must be 4 bytes or more but is cut");
        }
        int length = entry.getInt();
        if (length < 0 || length > entry.remaining()) {
            throw new IOException("an export's name must lie in its entry but is %d bytes".formatted(length));
        }
        byte[] name = new byte[length];
        entry.get(name);
        return new String(name, UTF_8);
    }

    /// Takes leave of a server before an export is open.
    void abort() throws IOException {
        send(OPT_ABORT, new byte[0]);
    }

    private void send(int option, byte[] data) throws IOException {
        wire.write(ByteBuffer.allocate(16 + data.length).putLong(OPTION_MAGIC).putInt(option)
                .putInt(data.length)
                .put(data).flip());
    }
}
