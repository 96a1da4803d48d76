package org.vmfinalize.nfs.xdr;

import java.nio.ByteBuffer;

/// Writes XDR items (RFC 4506) to a buffer, in order.
///
/// The writer of a message reserves the room that the message needs at most; writing beyond it is a fault of this
/// program and throws [java.nio.BufferOverflowException].
///
/// **Threads:** one at a time.
public final class XdrWriter {

    private final ByteBuffer buffer;

    /// Writes from the buffer's position on.
    public XdrWriter(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    public XdrWriter putInt(int value) {
        buffer.putInt(value);
        return this;
    }

    public XdrWriter putLong(long value) {
        buffer.putLong(value);
        return this;
    }

    public XdrWriter putBoolean(boolean value) {
        return putInt(value ? 1 : 0);
    }

    /// `opaque<>` or `string<>`: length, bytes, padding.
    public XdrWriter putOpaque(byte[] bytes) {
        putInt(bytes.length);
        return putFixedOpaque(bytes);
    }

    /// `opaque[n]`: bytes and padding.
    public XdrWriter putFixedOpaque(byte[] bytes) {
        buffer.put(bytes);
        return pad(bytes.length);
    }

    /// The zero bytes that fill `length` up to a multiple of four.
    public XdrWriter pad(int length) {
        for (int i = padding(length); i > 0; i--) {
            buffer.put((byte) 0);
        }
        return this;
    }

    /// Where the next item goes.
    public int position() {
        return buffer.position();
    }

    /// Takes back all from `position` on.
    public void rewindTo(int position) {
        buffer.position(position);
    }

    /// Overwrites the four bytes at `position`, which were written before.
    public void patchInt(int position, int value) {
        buffer.putInt(position, value);
    }

    /// The buffer itself, for payload that is read straight into it; its position is the writer's.
    public ByteBuffer buffer() {
        return buffer;
    }

    /// How many bytes are missing from `length` to the next multiple of four.
    public static int padding(int length) {
        return -length & 3;
    }
}
