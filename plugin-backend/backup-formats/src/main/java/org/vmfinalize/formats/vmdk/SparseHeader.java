package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Fields;

/// The header of a sparse extent, checked. Offsets and sizes in it are in sectors.
///
///     offset  bytes  meaning
///          0      4  magic, "KDMV"
///          4      4  version, 1 to 3
///          8      4  flags: bit 2 table entries of 1 are zeros, bit 16 compressed grains, bit 17 markers
///         12      8  capacity
///         20      8  size of a grain
///         28      8  offset of the descriptor, 0 if there is none
///         36      8  size of the descriptor
///         44      4  entries of a grain table
///         48      8  offset of the redundant grain directory, not needed for reading
///         56      8  offset of the grain directory; all ones: it is in the footer, at the end of the file
///         64      9  overhead and unclean shutdown, not needed for reading
///         73      4  newline, blank, carriage return, newline: they show a transfer as text
///         77      2  compression: 0 none, 1 deflate
///
/// @param capacity in bytes
/// @param grainSize in bytes, a power of two
/// @param descriptor where the descriptor lies in the file, in bytes; 0 if there is none
/// @param descriptorBytes its size
/// @param tableEntries how many grains a grain table maps
/// @param directory where the grain directory lies in the file, in bytes
/// @param zeroGrains whether a table entry of 1 means that the grain is zeros
/// @param compressed whether all grains are compressed
record SparseHeader(long capacity, int grainSize, long descriptor, int descriptorBytes, int tableEntries,
        long directory, boolean zeroGrains, boolean compressed) {

    static final int MAGIC = 0x564d_444b;
    static final int SECTOR = 512;

    /// 64 TiB: above the largest virtual disk of vSphere, 62 TiB.
    static final long MAX_SECTORS = (1L << 46) / SECTOR;

    /// 64 TiB with the usual grains and tables.
    static final long MAX_DIRECTORY_ENTRIES = 2 << 20;

    private static final int MIN_GRAIN = 8;
    static final int MAX_GRAIN = 4096;
    private static final int MAX_TABLE_ENTRIES = 512;
    private static final int NEWLINES = 0x0a0d_200a;
    private static final int ZERO_GRAINS = 1 << 2;
    private static final int COMPRESSED = 1 << 16;
    private static final int MARKERS = 1 << 17;
    private static final int MUST_BE_UNDERSTOOD = 0xffff_0000;
    private static final long IN_FOOTER = -1;

    static boolean isAtStartOf(ByteBuffer head) {
        return head.remaining() >= Integer.BYTES
                && head.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(head.position()) == MAGIC;
    }

    /// Reads the header and, if it says so, the footer.
    ///
    /// @throws FormatException if a field is not as it must be, or asks for what cannot be read
    static SparseHeader read(BackupFile file) throws IOException {
        var parser = new Parser(file, "VMDK header", sector(file, 0));
        if (parser.fields.rawLong(56) != IN_FOOTER) {
            return parser.parse();
        }
        return Footer.of(file, parser.fields).parse();
    }

    /// How many entries the grain directory has.
    long directoryEntries() {
        return Math.ceilDiv(capacity, (long) grainSize * tableEntries);
    }

    static ByteBuffer sector(BackupFile file, long position) throws IOException {
        var sector = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        if (position > file.size() - SECTOR) {
            throw new FormatException(
                    "%s: VMDK header: must have 512 bytes at byte %d but the file has %d; %s"
                            .formatted(file.location(), position, file.size(), "the image is truncated"));
        }
        file.read(sector, position);
        return sector.flip();
    }

    static int powerOfTwo(Fields fields, String field, long value) throws FormatException {
        if (Long.bitCount(value) != 1) {
            throw fields.damaged("%s must be a power of two but was %d".formatted(field, value));
        }
        return (int) value;
    }

    /// The last sector of the file at which a grain directory can begin.
    static long lastDirectoryOffset(BackupFile file, Fields fields, long entries) throws FormatException {
        long last = Math.floorDiv(file.size() - entries * Integer.BYTES, SECTOR);
        if (last < 1) {
            throw fields
                    .damaged(("the grain directory must lie in the file with %d entries but the file has only"
                            + " %d bytes; the image is truncated").formatted(entries, file.size()));
        }
        return last;
    }

    /// Takes a header, or the footer that replaces it, apart.
    static final class Parser {

        private final BackupFile file;
        private final Fields fields;

        Parser(BackupFile file, String structure, ByteBuffer sector) {
            this.file = file;
            this.fields = new Fields(file.location(), structure, sector);
        }

        SparseHeader parse() throws FormatException {
            if (fields.rawInt(0) != MAGIC) {
                throw fields.damaged("must begin with KDMV but does not");
            }
            fields.intAt("version", 4, 1, 3);
            if (fields.rawInt(73) != NEWLINES) {
                throw fields.damaged(
                        "the newline bytes must be 0x0a0d200a but were 0x%08x: the file was transferred as text; %s"
                                .formatted(fields.rawInt(73), "transfer it again"));
            }
            int flags = flags();
            long capacity = fields.longAt("capacity", 12, 1, MAX_SECTORS) * SECTOR;
            int grain = powerOfTwo(fields, "grainSize", fields.longAt("grainSize", 20, MIN_GRAIN, MAX_GRAIN))
                    * SECTOR;
            int tableEntries = fields.intAt("numGTEsPerGT", 44, 1, MAX_TABLE_ENTRIES);
            long descriptor = fields.longAt("descriptorOffset", 28, 0, sectors(file.size()));
            int descriptorBytes = descriptor == 0
                    ? 0
                    : SECTOR * (int) fields.longAt("descriptorSize", 36, 1,
                            Math.min(Descriptor.MAX_BYTES / SECTOR, sectors(file.size()) - descriptor));
            return new SparseHeader(capacity, grain, descriptor * SECTOR, descriptorBytes, tableEntries,
                    directory(capacity, (long) grain * tableEntries), (flags & ZERO_GRAINS) != 0,
                    (flags & COMPRESSED) != 0);
        }

        private int flags() throws FormatException {
            int flags = fields.rawInt(8);
            boolean compressed = (flags & COMPRESSED) != 0;
            if ((flags & MUST_BE_UNDERSTOOD & ~(COMPRESSED | MARKERS)) != 0
                    || compressed != ((flags & MARKERS) != 0)) {
                throw fields.damaged(
                        "flags must have the bits 16 and 17 both or not, and none above, but were 0x%08x"
                                .formatted(flags));
            }
            int method = Short.toUnsignedInt((short) (fields.rawInt(76) >>> 8));
            if (method != (compressed ? 1 : 0)) {
                throw fields.damaged("compressAlgorithm must be %d with flags 0x%08x but was %d"
                        .formatted(compressed ? 1 : 0, flags, method));
            }
            return flags;
        }

        private long directory(long capacity, long bytesPerTable) throws FormatException {
            long entries = Math.ceilDiv(capacity, bytesPerTable);
            if (entries > MAX_DIRECTORY_ENTRIES) {
                throw fields.damaged("the grain directory must have at most %d entries but has %d".formatted(
                        MAX_DIRECTORY_ENTRIES, entries));
            }
            long last = lastDirectoryOffset(file, fields, entries);
            return fields.longAt("gdOffset", 56, 1, last) * SECTOR;
        }

        private static long sectors(long bytes) {
            return Math.floorDiv(bytes, SECTOR);
        }
    }
}
