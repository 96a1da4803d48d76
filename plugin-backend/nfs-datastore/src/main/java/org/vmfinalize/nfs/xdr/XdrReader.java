package org.vmfinalize.nfs.xdr;

import java.nio.ByteBuffer;

/// Reads XDR items (RFC 4506) from a buffer, in order.
///
/// Nothing is allocated before its length has been checked against the item's bound and against the bytes that are
/// really there. Every method throws [XdrException] for bytes that break the encoding.
///
/// **Threads:** one at a time.
public final class XdrReader {

    private final ByteBuffer buffer;

    /// Reads from the buffer's position to its limit; the bytes are not copied.
    public XdrReader(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    public int readInt() throws XdrException {
        require(Integer.BYTES);
        return buffer.getInt();
    }

    /// An `unsigned int`, as a number from 0 to 2^32 - 1.
    public long readUnsignedInt() throws XdrException {
        return Integer.toUnsignedLong(readInt());
    }

    /// A `hyper`, or the bits of an `unsigned hyper`.
    public long readLong() throws XdrException {
        require(Long.BYTES);
        return buffer.getLong();
    }

    public boolean readBoolean() throws XdrException {
        return readEnum(1) == 1;
    }

    /// An `enum` whose values are 0 to `largest`.
    public int readEnum(int largest) throws XdrException {
        int value = readInt();
        if (value < 0 || value > largest) {
            throw new XdrException("an enum must be 0..%d but was %d".formatted(largest, value));
        }
        return value;
    }

    /// `opaque<maxBytes>`: a view of the bytes, valid as long as the buffer below is.
    public ByteBuffer readOpaque(int maxBytes) throws XdrException {
        long length = readUnsignedInt();
        if (length > maxBytes) {
            throw new XdrException(
                    "opaque data must have at most %d bytes but had %d".formatted(maxBytes, length));
        }
        return readFixedOpaque((int) length);
    }

    /// `opaque<maxBytes>` or `string<maxBytes>`, copied.
    public byte[] readBytes(int maxBytes) throws XdrException {
        ByteBuffer view = readOpaque(maxBytes);
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }

    /// `opaque[length]`: a view of the bytes, valid as long as the buffer below is.
    public ByteBuffer readFixedOpaque(int length) throws XdrException {
        int padded = length + XdrWriter.padding(length);
        require(padded);
        ByteBuffer view = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + padded);
        return view;
    }

    /// The bytes not read yet.
    public int remaining() {
        return buffer.remaining();
    }

    /// A view of the bytes not read yet; reading goes on as if they had not been looked at.
    public ByteBuffer peekRemaining() {
        return buffer.slice();
    }

    /// Checks that all has been read: bytes behind the last item mean that caller and server disagree on the form.
    public void end() throws XdrException {
        if (buffer.hasRemaining()) {
            throw new XdrException("%d bytes behind the last item".formatted(buffer.remaining()));
        }
    }

    private void require(int bytes) throws XdrException {
        if (buffer.remaining() < bytes) {
            throw new XdrException("%d bytes expected but %d were left".formatted(bytes, buffer.remaining()));
        }
    }
}
