package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.formats.chain.Fields;

/// The header of an ESXi snapshot's extent on VMFS 5 ("COWD"). Apart from it such an extent is a sparse one with tables of
/// 4096 entries. Offsets and sizes are in sectors.
///
///     offset  bytes  meaning
///          0      4  magic, "COWD"
///          4      4  version, 1
///          8      4  flags, 3
///         12      4  capacity
///         16      4  size of a grain, 1 for most
///         20      4  offset of the grain directory
///         24      4  entries of the grain directory
final class CowdHeader {

    private static final int MAGIC = 0x4457_4f43;
    private static final int SECTOR = SparseHeader.SECTOR;
    private static final int TABLE_ENTRIES = 4096;

    private CowdHeader() {}

    /// @throws org.vmfinalize.backup.FormatException if a field is not as it must be
    static SparseHeader read(BackupFile file) throws IOException {
        var fields = new Fields(file.location(), "VMDK COWD header", SparseHeader.sector(file, 0));
        if (fields.rawInt(0) != MAGIC) {
            throw fields.damaged("must begin with COWD but does not");
        }
        fields.intAt("version", 4, 1, 1);
        long capacity = fields.unsignedIntAt("capacity", 12, 1, SparseHeader.MAX_SECTORS) * SECTOR;
        int grain = SparseHeader.powerOfTwo(fields, "the grain size",
                fields.intAt("the grain size", 16, 1, SparseHeader.MAX_GRAIN)) * SECTOR;
        long entries = Math.ceilDiv(capacity, (long) grain * TABLE_ENTRIES);
        fields.unsignedIntAt("the number of directory entries", 24, entries,
                SparseHeader.MAX_DIRECTORY_ENTRIES);
        long last = SparseHeader.lastDirectoryOffset(file, fields, entries);
        long directory = fields.unsignedIntAt("the offset of the grain directory", 20, 1, last) * SECTOR;
        return new SparseHeader(capacity, grain, 0, 0, TABLE_ENTRIES, directory, false, false);
    }
}
