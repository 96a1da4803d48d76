package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.formats.chain.Fields;

/// The header of an ESXi snapshot's extent on VMFS 6 ("SESparse"), checked. VMware does not document it; this is what is
/// known. Offsets and sizes are numbers of 8 bytes, in sectors.
///
///     offset  meaning
///          0  magic, 0x00000000cafebabe
///          8  version, 0x0000000200000001
///         16  capacity
///         24  size of a grain, 8
///         32  size of a grain table, 64: 4096 entries of 8 bytes
///         40  flags, 0
///         80  offset of the volatile header, which has at byte 0 the magic 0x00000000cafecafe, and at byte 24 whether
///             a journal is to be replayed
///        128  offset and size of the grain directory
///        144  offset and size of the grain tables
///        192  offset and size of the grains
///
/// @param capacity in bytes
/// @param directory where the grain directory lies in the file, in bytes
/// @param tables where the grain tables lie, in bytes
/// @param grains where the grains lie, in bytes
record SeSparseHeader(long capacity, long directory, long tables, long grains) {

    static final int GRAIN_BYTES = 4096;
    static final int TABLE_ENTRIES = 4096;
    static final int TABLE_BYTES = TABLE_ENTRIES * Long.BYTES;

    private static final int SECTOR = SparseHeader.SECTOR;
    private static final long MAGIC = 0xcafe_babeL;
    private static final long VERSION = 0x2_0000_0001L;
    private static final long VOLATILE_MAGIC = 0xcafe_cafeL;

    /// @throws org.vmfinalize.backup.FormatException if a field is not as it must be, or the journal is not empty
    static SeSparseHeader read(BackupFile file) throws IOException {
        var fields = new Fields(file.location(), "VMDK SESparse header", SparseHeader.sector(file, 0));
        fields.longAt("magic", 0, MAGIC, MAGIC);
        fields.longAt("version", 8, VERSION, VERSION);
        long capacity = fields.longAt("capacity", 16, 1, SparseHeader.MAX_SECTORS) * SECTOR;
        fields.longAt("the grain size", 24, GRAIN_BYTES / SECTOR, GRAIN_BYTES / SECTOR);
        fields.longAt("the grain table size", 32, TABLE_BYTES / SECTOR, TABLE_BYTES / SECTOR);
        fields.longAt("flags", 40, 0, 0);
        long last = file.size() / SECTOR - 1;
        checkJournal(file, fields.longAt("the offset of the volatile header", 80, 1, last) * SECTOR);
        long entries = Math.ceilDiv(capacity, (long) TABLE_ENTRIES * GRAIN_BYTES);
        long sectors = Math.ceilDiv(entries * Long.BYTES, SECTOR);
        long directory = fields.longAt("the offset of the grain directory", 128, 1, last + 1 - sectors);
        fields.longAt("the size of the grain directory", 136, sectors, last + 1 - directory);
        return new SeSparseHeader(capacity, directory * SECTOR,
                fields.longAt("the offset of the grain tables", 144, 1, last) * SECTOR,
                fields.longAt("the offset of the grains", 192, 1, last + 1) * SECTOR);
    }

    private static void checkJournal(BackupFile file, long position) throws IOException {
        var fields = new Fields(file.location(), "VMDK SESparse volatile header",
                SparseHeader.sector(file, position));
        fields.longAt("magic", 0, VOLATILE_MAGIC, VOLATILE_MAGIC);
        if (fields.rawLong(24) != 0) {
            throw fields
                    .damaged("the journal must be empty but is to be replayed; let ESXi do it: %s".formatted(
                            "open and close the disk there"));
        }
    }
}
