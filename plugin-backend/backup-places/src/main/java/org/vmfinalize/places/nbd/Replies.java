package org.vmfinalize.places.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.places.remote.PassingException;

/// Reads the replies of a connection and gives each to its request (`doc/proto.md`, "Transmission phase").
///
/// **Threads:** one.
final class Replies {

    private static final int SIMPLE_MAGIC = 0x6744_6698;
    private static final int STRUCTURED_MAGIC = 0x668e_33ef;
    private static final int DONE = 1;

    private static final int NONE = 0;
    private static final int OFFSET_DATA = 1;
    private static final int OFFSET_HOLE = 2;
    private static final int BLOCK_STATUS = 5;
    private static final int ERROR_BIT = 1 << 15;

    private static final int MAX_STATUS_BYTES = 1 << 20;
    private static final int MAX_ERROR_BYTES = 8192;
    private static final int MAX_SHOWN = 300;

    private final Wire wire;
    private final NbdExport export;
    private final Map<Long, Request<?>> pending;

    Replies(Wire wire, NbdExport export, Map<Long, Request<?>> pending) {
        this.wire = wire;
        this.export = export;
        this.pending = pending;
    }

    /// Reads one reply, or one chunk of one.
    ///
    /// @throws IOException if it is not one that was asked for; the connection cannot be used any further
    void next() throws IOException {
        int magic;
        try {
            magic = wire.readInt();
        } catch (EOFException e) {
            throw new IOException("the server hung up", e);
        }
        switch (magic) {
            case SIMPLE_MAGIC -> simple();
            case STRUCTURED_MAGIC -> structured();
            default -> throw new IOException("a reply must begin with its magic number but began with %08x"
                    .formatted(magic));
        }
    }

    private void simple() throws IOException {
        int error = wire.readInt();
        var request = requestOf(wire.readLong());
        if (error != 0) {
            request.failed(failure(error, null));
        } else if (export.structured()) {
            throw new IOException("a reply must be structured, as was agreed, but is simple");
        } else {
            request.data(request.offset(), request.length(), wire);
        }
        request.done();
    }

    private void structured() throws IOException {
        int flags = wire.readShort();
        int type = wire.readShort();
        var request = requestOf(wire.readLong());
        long length = Integer.toUnsignedLong(wire.readInt());
        switch (type) {
            case NONE -> require(length == 0, "an empty chunk", length);
            case OFFSET_DATA -> {
                require(length > 8 && length <= 8L + request.length(), "data", length);
                request.data(wire.readLong(), (int) (length - 8), wire);
            }
            case OFFSET_HOLE -> {
                require(length == 12, "a hole", length);
                request.hole(wire.readLong(), Integer.toUnsignedLong(wire.readInt()));
            }
            case BLOCK_STATUS -> status(request, length);
            default -> {
                if ((type & ERROR_BIT) == 0) {
                    throw new IOException("a chunk's type must be known but is %d".formatted(type));
                }
                request.failed(readFailure(length));
            }
        }
        if ((flags & DONE) != 0) {
            request.done();
        }
    }

    private Request<?> requestOf(long cookie) throws IOException {
        Request<?> request = pending.get(cookie);
        if (request == null || request.answer().isDone()) {
            throw new IOException("a reply must be to a request that is under way but is to %d".formatted(
                    cookie));
        }
        return request;
    }

    private static void require(boolean holds, String what, long length) throws IOException {
        if (!holds) {
            throw new IOException("%s must have the length that fits it but has %d bytes".formatted(what,
                    length));
        }
    }

    private void status(Request<?> request, long length) throws IOException {
        require(length > 4 && length <= MAX_STATUS_BYTES && length % 8 == 4, "a block status", length);
        int context = wire.readInt();
        for (long left = length - 4; left > 0; left -= 8) {
            long count = Integer.toUnsignedLong(wire.readInt());
            request.status(context, count, wire.readInt());
        }
    }

    private IOException readFailure(long length) throws IOException {
        require(length >= 6 && length <= MAX_ERROR_BYTES, "an error", length);
        int number = wire.readInt();
        int messageLength = wire.readShort();
        require(messageLength <= length - 6, "an error's message", messageLength);
        String message = new String(wire.readBytes(messageLength), UTF_8);
        wire.skip(length - 6 - messageLength);
        return failure(number, message);
    }

    /// The numbers are those of `doc/proto.md`, "Error values".
    private static IOException failure(int number, @Nullable String message) {
        String name = switch (number) {
            case 1 -> "not permitted";
            case 5 -> "input/output error";
            case 12 -> "out of memory";
            case 22 -> "invalid argument";
            case 28 -> "no space left";
            case 75 -> "value too large";
            case 95 -> "not supported";
            case 108 -> "the server is shutting down";
            default -> "error number " + number;
        };
        String shown = message == null || message.isBlank()
                ? name
                : "%s (%s)".formatted(name, message.replaceAll("\\p{Cntrl}", " ").strip());
        String text = "the server cannot read it: "
                + shown.substring(0, Math.min(MAX_SHOWN, shown.length()));
        // What is wrong with the request itself stays so.
        return switch (number) {
            case 1, 22, 75, 95 -> new IOException(text);
            default -> new PassingException(text);
        };
    }
}
