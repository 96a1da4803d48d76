package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.formats.chain.Fields;

/// The metadata of a VHDX (section 2.6 of [MS-VHDX]): a table of 64 KiB, "metadata", at 10 the number of entries, and from
/// 32 on the entries of 32 bytes: GUID, offset in the region, length, and flags, of which bit 2 says that the item must be
/// understood.
///
/// @param blockSize in bytes, a power of two
/// @param size the virtual size in bytes
/// @param sectorSize what bitmaps count, 512 or 4096 bytes
record VhdxMetadata(int blockSize, long size, int sectorSize, Optional<VhdxParent> parent) {

    private static final long SIGNATURE = 0x6174_6164_6174_656dL;
    private static final int TABLE_BYTES = 64 << 10;
    private static final int MAX_ITEM = 1 << 20;
    private static final int MAX_ITEMS = 2047;
    private static final int REQUIRED = 1 << 2;
    private static final int HAS_PARENT = 1 << 1;
    private static final int MIN_BLOCK = 1 << 20;
    private static final int MAX_BLOCK = 256 << 20;

    private static final UUID PARAMETERS = UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
    private static final UUID SIZE = UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
    private static final UUID DISK_ID = UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
    private static final UUID SECTOR_SIZE = UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
    private static final UUID PHYSICAL_SECTOR_SIZE = UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
    private static final UUID PARENT = UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");
    private static final Map<UUID, Integer> KNOWN = Map.of(PARAMETERS, 8, SIZE, 8, DISK_ID, 16, SECTOR_SIZE,
            4,
            PHYSICAL_SECTOR_SIZE, 4, PARENT, 20);

    static VhdxMetadata read(BackupFile file, ByteRange region) throws IOException {
        var table = VhdxStructure.read(file, "VHDX metadata table", region.start(), TABLE_BYTES);
        Fields fields = table.fields();
        if (fields.rawLong(0) != SIGNATURE) {
            throw fields.damaged("must begin with 'metadata' but does not");
        }
        Map<UUID, Fields> items = items(file, region, table);
        Fields parameters = item(items, fields, PARAMETERS, "file parameters");
        int blockSize = parameters.intAt("block size", 0, MIN_BLOCK, MAX_BLOCK);
        if (Integer.bitCount(blockSize) != 1) {
            throw fields.damaged("the block size must be a power of two but was " + blockSize);
        }
        int sectorSize = item(items, fields, SECTOR_SIZE, "logical sector size").intAt("size", 0, 512, 4096);
        if (sectorSize != 512 && sectorSize != 4096) {
            throw fields.damaged("the logical sector size must be 512 or 4096 but was " + sectorSize);
        }
        long size = item(items, fields, SIZE, "virtual disk size").longAt("virtual disk size", 0, 1,
                VhdFooter.MAX_SIZE);
        boolean hasParent = (parameters.rawInt(4) & HAS_PARENT) != 0;
        return new VhdxMetadata(blockSize, size, sectorSize, hasParent
                ? Optional.of(VhdxParent.parse(item(items, fields, PARENT, "parent locator")))
                : Optional.empty());
    }

    private static Fields item(Map<UUID, Fields> items, Fields table, UUID id, String what)
            throws IOException {
        Fields item = items.get(id);
        if (item == null) {
            throw table.damaged("the item '%s' must be there but is not".formatted(what));
        }
        return item;
    }

    private static Map<UUID, Fields> items(BackupFile file, ByteRange region, VhdxStructure table)
            throws IOException {
        Fields fields = table.fields();
        int count = Short.toUnsignedInt(table.bytes().getShort(10));
        if (count > MAX_ITEMS) {
            throw fields.damaged("the entry count must be 0..%d but was %d".formatted(MAX_ITEMS, count));
        }
        Map<UUID, Fields> items = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int at = 32 + i * 32;
            UUID id = Guids.at(table.bytes(), at);
            Integer least = KNOWN.get(id);
            if (least == null) {
                if ((fields.rawInt(at + 24) & REQUIRED) != 0) {
                    throw fields.damaged("an item that must be understood must be known but was " + id);
                }
                continue;
            }
            int length = fields.intAt("length of an item", at + 20, least,
                    Math.min(MAX_ITEM, region.length()));
            long offset = fields.unsignedIntAt("offset of an item", at + 16, TABLE_BYTES,
                    region.length() - length);
            var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            file.read(bytes, region.start() + offset);
            items.put(id, new Fields(file.location(), "VHDX metadata item %s".formatted(id), bytes.flip()));
        }
        return items;
    }
}
