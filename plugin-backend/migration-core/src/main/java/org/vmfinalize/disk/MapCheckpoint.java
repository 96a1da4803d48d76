package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The stored form of a whole block map. All numbers are big-endian.
///
///     offset  bytes  meaning
///          0      8  magic, "VFBLKMAP"
///          8      4  version, 1
///         12      4  block size in bytes, 4096
///         16     16  the disk's identifier
///         32      8  the disk's size in bytes
///         40      8  generation: the journal that goes on from here has the same
///         48     24  blocks that came from the backup, from the guest, as zeros (8 each)
///         72      4  blocks in a chunk, 16384
///         76      4  CRC-32C of the bytes 0..75
///         80      n  a byte per chunk: 0 no block is local, 1 all are, 2 some are
///       80+n      …  per chunk of kind 2, in ascending order: 2048 bytes, a bit per block,
///                    in 64-bit words, the lowest bit of a word first
///        end      4  CRC-32C of the bytes 80..end
///
/// It is written to a file of another name, made durable and renamed, so that a torn one is never seen.
final class MapCheckpoint {

    private static final byte[] MAGIC = "VFBLKMAP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 80;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int CHUNK_BYTES = BlockMap.CHUNK_WORDS * Long.BYTES;

    /// What a checkpoint says.
    record Stored(long generation, BlockMap map) {}

    private MapCheckpoint() {}

    /// Writes and forces all of `file`, which is empty, while blocks go on being marked.
    ///
    /// What it says is local has been written, but maybe not forced: the caller forces the flat file before the checkpoint
    /// counts.
    static void write(VolumeFile file, UUID diskId, long sizeBytes, long generation, LocalBlocks blocks)
            throws IOException {
        var storing = blocks.beginStoring();
        var writer = new Writer(file, HEADER_BYTES);
        for (byte kind : storing.kinds) {
            writer.room(1).put(kind);
        }
        for (long[] bits = blocks.takeMixed(storing); bits != null; bits = blocks.takeMixed(storing)) {
            var room = writer.room(CHUNK_BYTES);
            room.asLongBuffer().put(bits);
            room.position(room.position() + CHUNK_BYTES);
        }
        writer.drain();
        int crc = (int) writer.crc.getValue();
        writer.room(Integer.BYTES).putInt(crc);
        writer.drain();
        // Last, since its counts are those of what was stored in the end.
        file.write(header(diskId, sizeBytes, generation, storing), 0);
        file.force();
    }

    private static ByteBuffer header(UUID diskId, long sizeBytes, long generation, BlockMap.Storing storing) {
        var header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC).putInt(VERSION).putInt(BlockMap.BLOCK_BYTES)
                .putLong(diskId.getMostSignificantBits()).putLong(diskId.getLeastSignificantBits())
                .putLong(sizeBytes).putLong(generation);
        for (var origin : Origin.values()) {
            header.putLong(storing.count(origin));
        }
        return header.putInt(BlockMap.CHUNK_BLOCKS).putInt(crcOf(header.duplicate().flip())).flip();
    }

    /// Reads a checkpoint and believes nothing of it.
    ///
    /// @throws DamagedStateException if it is damaged, from a newer program or of another disk
    static Stored read(Path path, VolumeFile file, UUID diskId, long sizeBytes, ScratchBits scratch)
            throws IOException {
        long length = file.size();
        if (length < HEADER_BYTES) {
            throw damaged(path, "must have at least %d bytes but has %d".formatted(HEADER_BYTES, length));
        }
        var header = ByteBuffer.allocate(HEADER_BYTES);
        file.read(header, 0);
        header.flip();
        checkHeader(path, header, diskId, sizeBytes);
        long generation = header.getLong(40);

        var map = new BlockMap(Math.ceilDiv(sizeBytes, (long) BlockMap.BLOCK_BYTES), scratch);
        readChunks(path, file, length, map);
        long counted = 0;
        for (var origin : Origin.values()) {
            long count = header.getLong(48 + 8 * origin.code());
            map.restoreCount(origin, count);
            counted += count;
        }
        if (counted != map.localBlocks() || counted > map.blockCount()) {
            throw damaged(path, "must count as many blocks as it marks");
        }
        return new Stored(generation, map);
    }

    private static void checkHeader(Path path, ByteBuffer header, UUID diskId, long sizeBytes)
            throws DamagedStateException {
        byte[] magic = new byte[MAGIC.length];
        header.get(0, magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw damaged(path, "must start with VFBLKMAP");
        }
        int version = header.getInt(8);
        if (version != VERSION) {
            throw new DamagedStateException(
                    "%s: block map: version must be %d but was %d; use the version of vm-finalize that wrote it"
                            .formatted(path, VERSION, version));
        }
        if (header.getInt(76) != crcOf(header.duplicate().limit(76))) {
            throw damaged(path, "the checksum of its header is wrong");
        }
        var id = new UUID(header.getLong(16), header.getLong(24));
        if (!id.equals(diskId)) {
            throw new DamagedStateException(
                    "%s: block map: must be of disk %s but is of disk %s; put the right one back"
                            .formatted(path, diskId, id));
        }
        if (header.getLong(32) != sizeBytes || header.getInt(12) != BlockMap.BLOCK_BYTES
                || header.getInt(72) != BlockMap.CHUNK_BLOCKS) {
            throw damaged(path,
                    "must be for %d bytes in blocks of %d but is for %d in blocks of %d".formatted(
                            sizeBytes, BlockMap.BLOCK_BYTES, header.getLong(32), header.getInt(12)));
        }
    }

    private static void readChunks(Path path, VolumeFile file, long length, BlockMap map) throws IOException {
        var crc = new CRC32C();
        long at = HEADER_BYTES;
        var kinds = ByteBuffer.allocate(map.chunkCount());
        if (length < at + kinds.capacity() + Integer.BYTES) {
            throw damaged(path, "is too short");
        }
        file.read(kinds, at);
        crc.update(kinds.flip());
        at += kinds.capacity();
        var bytes = ByteBuffer.allocate(CHUNK_BYTES);
        for (int i = 0; i < map.chunkCount(); i++) {
            int kind = kinds.get(i);
            if (kind == 1) {
                map.restoreFullChunk(i);
            } else if (kind == 2) {
                if (length < at + CHUNK_BYTES + Integer.BYTES) {
                    throw damaged(path, "is too short");
                }
                file.read(bytes.clear(), at);
                crc.update(bytes.flip());
                at += CHUNK_BYTES;
                long[] bits = new long[BlockMap.CHUNK_WORDS];
                bytes.flip().asLongBuffer().get(bits);
                map.restoreChunk(i, bits);
            } else if (kind != 0) {
                throw damaged(path, "a chunk's kind must be 0..2 but was " + kind);
            }
        }
        var end = ByteBuffer.allocate(Integer.BYTES);
        file.read(end, at);
        if (at + Integer.BYTES != length || end.getInt(0) != (int) crc.getValue()) {
            throw damaged(path, "its checksum is wrong");
        }
    }

    private static DamagedStateException damaged(Path path, String what) {
        return new DamagedStateException(
                "%s: block map: %s; it is damaged, so put it back from a copy of the datastore, or discard the instant VM"
                        .formatted(path, what));
    }

    private static int crcOf(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// Gathers small pieces into large writes and sums them up.
    private static final class Writer {

        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        final CRC32C crc = new CRC32C();
        private final VolumeFile file;
        private long at;

        Writer(VolumeFile file, long start) {
            this.file = file;
            this.at = start;
        }

        ByteBuffer room(int bytes) throws IOException {
            if (buffer.remaining() < bytes) {
                drain();
            }
            return buffer;
        }

        void drain() throws IOException {
            buffer.flip();
            crc.update(buffer.duplicate());
            int count = buffer.remaining();
            file.write(buffer, at);
            at += count;
            buffer.clear();
        }
    }
}
