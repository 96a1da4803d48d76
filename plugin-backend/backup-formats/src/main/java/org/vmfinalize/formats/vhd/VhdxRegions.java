package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Fields;

/// The fixed part of a VHDX: two headers, of which the sound one with the higher number counts, and two copies of the
/// table of regions (sections 2.2.2 and 2.2.3 of [MS-VHDX]).
///
///     offset      what
///          0      "vhdxfile"
///     65536       header: signature "head", CRC-32C, number of 8 bytes, GUIDs of the file's and the data's last writing
///     131072      and of the log; the other header
///     196608      table of regions: signature "regi", CRC-32C, number of entries, and at 16 the entries of 32 bytes:
///     262144      GUID, offset of 8 bytes, length, whether it must be understood; its copy
///
/// @param content the file, after its log was replayed if it was not closed cleanly
/// @param logBytes the size of that log, 0 if there is none to be replayed
/// @param dataWrite changes whenever the data do
/// @param table the block allocation table
/// @param metadata the region of metadata
record VhdxRegions(BackupFile content, int logBytes, UUID dataWrite, ByteRange table, ByteRange metadata) {

    static final long SIGNATURE = 0x656c_6966_7864_6876L;

    private static final int HEADER_BYTES = 4096;
    private static final int TABLE_BYTES = 64 << 10;
    private static final long[] HEADERS = {64 << 10, 128 << 10};
    private static final long[] TABLES = {192 << 10, 256 << 10};
    private static final int HEAD = 0x6461_6568;
    private static final int REGI = 0x6967_6572;
    private static final int MAX_REGIONS = 2047;
    private static final long MEBIBYTE = 1 << 20;

    private static final UUID TABLE_REGION = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
    private static final UUID METADATA_REGION = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

    /// @param replayed the bytes of the logs of the files above
    static VhdxRegions read(BackupFile file, int replayed) throws IOException {
        VhdxStructure header = currentHeader(file);
        header.fields().intAt("log version", 64, 0, 0xffff_0000L);
        int version = Short.toUnsignedInt(header.bytes().getShort(66));
        if (version != 1) {
            throw header.fields().damaged("the version must be 1 but was " + version);
        }
        UUID log = Guids.at(header.bytes(), 48);
        VhdxLog.Replayed after = log.equals(Guids.NONE)
                ? new VhdxLog.Replayed(file, 0)
                : VhdxLog.replay(file, header, log, replayed);
        BackupFile content = after.content();
        Map<UUID, ByteRange> regions = regions(content);
        return new VhdxRegions(content, after.logBytes(), Guids.at(header.bytes(), 32),
                region(content, regions, TABLE_REGION, "allocation table"),
                region(content, regions, METADATA_REGION, "metadata"));
    }

    private static VhdxStructure currentHeader(BackupFile file) throws IOException {
        Optional<VhdxStructure> current = Optional.empty();
        for (long position : HEADERS) {
            var header = VhdxStructure.read(file, "VHDX header", position, HEADER_BYTES);
            boolean newer = current.isEmpty() || Long.compareUnsigned(header.fields().rawLong(8),
                    current.get().fields().rawLong(8)) > 0;
            if (header.isSound(HEAD) && newer) {
                current = Optional.of(header);
            }
        }
        return current.orElseThrow(() -> new FormatException(file.location()
                + ": VHDX header: one of the two must have its signature and its checksum but none has; the image is damaged"));
    }

    private static Map<UUID, ByteRange> regions(BackupFile file) throws IOException {
        for (long position : TABLES) {
            var table = VhdxStructure.read(file, "VHDX region table", position, TABLE_BYTES);
            if (table.isSound(REGI)) {
                return regions(file, table);
            }
        }
        throw new FormatException(file.location()
                + ": VHDX region table: one of the two must have its signature and its checksum but none has; the image is damaged");
    }

    private static Map<UUID, ByteRange> regions(BackupFile file, VhdxStructure table) throws FormatException {
        Map<UUID, ByteRange> regions = new HashMap<>();
        Fields fields = table.fields();
        int count = fields.intAt("entry count", 8, 0, MAX_REGIONS);
        for (int i = 0; i < count; i++) {
            int at = 16 + i * 32;
            UUID id = Guids.at(table.bytes(), at);
            boolean known = id.equals(TABLE_REGION) || id.equals(METADATA_REGION);
            if (!known && (fields.rawInt(at + 28) & 1) != 0) {
                throw fields.damaged("a region that must be understood must be known but was " + id);
            }
            if (known) {
                long length = fields.unsignedIntAt("length of a region", at + 24, 1, file.size());
                long offset = fields.longAt("offset of a region", at + 16, MEBIBYTE, file.size() - length);
                if (offset % MEBIBYTE != 0) {
                    throw fields
                            .damaged("the offset of a region must be a multiple of 1 MiB but was " + offset);
                }
                if (regions.put(id, ByteRange.of(offset, length)) != null) {
                    throw fields.damaged("a region must be there once but %s is there twice".formatted(id));
                }
            }
        }
        return regions;
    }

    private static ByteRange region(BackupFile file, Map<UUID, ByteRange> regions, UUID id, String what)
            throws FormatException {
        ByteRange region = regions.get(id);
        if (region == null) {
            throw new FormatException(
                    "%s: VHDX region table: the region of the %s must be there but is not".formatted(
                            file.location(),
                            what));
        }
        return region;
    }
}
