package org.vmfinalize.places.cache;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What a slot of the cache holds, as it stands in the index. All numbers are big-endian.
///
///     offset  bytes  meaning
///          0     32  key of the file
///         32      8  number of the block
///         40      4  bytes in the slot
///         44      4  CRC-32C of these bytes
///         48      4  CRC-32C of the bytes 0..47
///         52     12  zeros
///
/// The block is written before its entry, and nothing is synced: an entry counts if its own checksum is right, and a block
/// if its checksum is that of the entry. What a crash has left half-done is not found then.
///
/// @param key    which block it is
/// @param length its bytes
/// @param crc    their checksum
record SlotIndex(BlockKey key, int length, int crc) {

    static final int BYTES = 64;

    private static final int CHECKED_BYTES = 48;
    private static final int KEY_BYTES = 32;

    ByteBuffer encode() {
        var entry = ByteBuffer.allocate(BYTES).put(HexFormat.of().parseHex(key.file())).putLong(key.block())
                .putInt(length).putInt(crc);
        return entry.putInt(crcOf(entry.duplicate().flip())).clear();
    }

    /// Empty if the bytes are not those of an entry.
    static Optional<SlotIndex> decode(ByteBuffer entry) {
        int own = crcOf(entry.slice(entry.position(), CHECKED_BYTES));
        byte[] file = new byte[KEY_BYTES];
        entry.get(file);
        var index = new SlotIndex(new BlockKey(HexFormat.of().formatHex(file), entry.getLong()),
                entry.getInt(),
                entry.getInt());
        boolean sound = entry.getInt() == own && index.length > 0 && index.length <= BlockCache.BLOCK_BYTES;
        return sound ? Optional.of(index) : Optional.empty();
    }

    static int crcOf(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
