package org.vmfinalize.places.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A server's reply to an option (`doc/proto.md`, "Option haggling").
///
/// @param type its number; with bit 31 set it is an error
/// @param data what comes with it
record OptionReply(int type, ByteBuffer data) {

    static final int ACK = 1;
    static final int SERVER = 2;
    static final int INFO = 3;
    static final int META_CONTEXT = 4;
    static final int ERR_UNSUP = 0x8000_0001;
    static final int ERR_POLICY = 0x8000_0002;
    static final int ERR_TLS_REQD = 0x8000_0005;
    static final int ERR_UNKNOWN = 0x8000_0006;
    static final int ERR_SHUTDOWN = 0x8000_0007;

    private static final long MAGIC = 0x3_e889_0455_65a9L;
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_SHOWN = 300;

    static OptionReply read(Wire wire, int option) throws IOException {
        long magic = wire.readLong();
        if (magic != MAGIC) {
            throw new IOException("an option's reply must begin with %x but began with %x".formatted(MAGIC,
                    magic));
        }
        int answered = wire.readInt();
        if (answered != option) {
            throw new IOException("the reply must be to option %d but was to %d".formatted(option, answered));
        }
        int type = wire.readInt();
        long length = Integer.toUnsignedLong(wire.readInt());
        if (length > MAX_BYTES) {
            throw new IOException("an option's reply must be at most %d bytes but is %d".formatted(MAX_BYTES,
                    length));
        }
        return new OptionReply(type, ByteBuffer.wrap(wire.readBytes((int) length)));
    }

    boolean isError() {
        return type < 0;
    }

    /// What the server says went wrong, on one line.
    String reason() {
        String kind = switch (type) {
            case ERR_UNSUP -> "not supported";
            case ERR_POLICY -> "forbidden by its policy";
            case ERR_TLS_REQD -> "TLS is required; use nbds://";
            case ERR_UNKNOWN -> "there is no such export";
            case ERR_SHUTDOWN -> "it is shutting down";
            default -> "error %08x".formatted(type);
        };
        String text = UTF_8.decode(data.duplicate()).toString().replaceAll("\\p{Cntrl}", " ").strip();
        return text.isEmpty()
                ? kind
                : "%s (%s)".formatted(kind, text.substring(0, Math.min(MAX_SHOWN, text.length())));
    }
}
