package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.chain.Fields;

/// The header of a qcow2 image, checked. All numbers are big-endian (section "Header").
///
///     offset  bytes  meaning
///          0      4  magic, "QFI" and 0xfb
///          4      4  version, 2 or 3
///          8      8  offset of the backing file's name, 0 if there is none
///         16      4  length of the backing file's name in bytes
///         20      4  cluster_bits: a cluster has 2^this bytes
///         24      8  virtual size in bytes
///         32      4  encryption method
///         36      4  entries of the L1 table
///         40      8  offset of the L1 table
///         48     24  refcounts and snapshots, not needed for reading
///     version 3 only
///         72      8  incompatible features
///         80     16  compatible and auto-clear features, not needed for reading
///         96      4  refcount_order
///        100      4  length of the header
///        104      1  compression method, if the header is that long
///
/// @param size the virtual size in bytes
/// @param l1Offset where the L1 table is in the file, in bytes
/// @param l1Entries how many entries of the L1 table are needed for `size`
/// @param backing the file below this one
/// @param extendedL2 whether entries of L2 tables tell of subclusters
/// @param dataFile the name of the file that has the clusters instead of the image, not to be trusted
/// @param compression how compressed clusters are stored
record Header(int version, int clusterBits, long size, long l1Offset, int l1Entries,
        Optional<Backing> backing, boolean extendedL2, Optional<String> dataFile,
        ClusterCompression compression) {

    static final int MAGIC = 0x5146_49fb;

    /// 64 TiB: above the largest virtual disk of vSphere, 62 TiB.
    static final long MAX_SIZE = 1L << 46;

    private static final int MIN_CLUSTER_BITS = 9;
    private static final int MAX_CLUSTER_BITS = 21;
    private static final int MIN_EXTENDED_CLUSTER_BITS = 14;
    private static final int MAX_L1_BYTES = 32 << 20;
    private static final int MAX_BACKING_NAME = 1023;
    private static final int LENGTH_V2 = 72;
    private static final int LENGTH_V3 = 104;
    private static final int MAX_REFCOUNT_ORDER = 6;

    /// @param name as the image has it, not to be trusted
    /// @param format its format's name
    record Backing(String name, String format) {}

    int clusterSize() {
        return 1 << clusterBits;
    }

    int l2EntryBytes() {
        return l2EntryBytes(extendedL2);
    }

    private static int l2EntryBytes(boolean extendedL2) {
        return extendedL2 ? 2 * Long.BYTES : Long.BYTES;
    }

    /// Reads the header, and of the first cluster no more than it and its extensions need.
    ///
    /// @throws NotAnImageException if the file does not begin as a qcow2 image
    /// @throws FormatException if a field is not as it must be, or asks for what cannot be read
    static Header read(BackupFile file) throws IOException {
        return new Parser(file).parse();
    }

    private static final class Parser {

        private final BackupFile file;
        private final Fields fields;

        Parser(BackupFile file) throws IOException {
            this.file = file;
            this.fields = new Fields(file.location(), "qcow2 header", start(file, LENGTH_V3 + 8));
        }

        Header parse() throws IOException {
            int version = version();
            int clusterBits = fields.intAt("cluster_bits", 20, MIN_CLUSTER_BITS, MAX_CLUSTER_BITS);
            long size = fields.longAt("size", 24, 1, MAX_SIZE);
            int headerLength = version == 2 ? LENGTH_V2 : headerLength(1 << clusterBits);
            refuseEncryption();
            Features features = Features.NONE;
            if (version == 3) {
                features = Features.read(file, headerLength, clusterBits);
                fields.intAt("refcount_order", 96, 0, MAX_REFCOUNT_ORDER);
            }
            int l1Entries = l1Entries(clusterBits, size, features.extendedL2());
            long l1Offset = l1Offset(clusterBits, l1Entries);
            Optional<Backing> backing = backing(headerLength, clusterBits);
            Optional<String> dataFile = features.dataFile()
                    ? Optional.of(dataFile(headerLength, clusterBits))
                    : Optional.empty();
            return new Header(version, clusterBits, size, l1Offset, l1Entries, backing, features.extendedL2(),
                    dataFile, features.compression());
        }

        private int version() throws FormatException {
            if (fields.length() < LENGTH_V2 || fields.rawInt(0) != MAGIC) {
                throw new NotAnImageException(file.location()
                        + ": must begin with the header of a qcow2 image but does not");
            }
            int version = fields.intAt("version", 4, 2, 3);
            if (version == 3 && fields.length() < LENGTH_V3) {
                throw fields.damaged(
                        "must have at least %d bytes but the file ends after %d; the image is truncated"
                                .formatted(LENGTH_V3, file.size()));
            }
            return version;
        }

        private int headerLength(int clusterSize) throws FormatException {
            int length = fields.intAt("header_length", 100, LENGTH_V3, clusterSize);
            if (length % 8 != 0) {
                throw fields.damaged("header_length must be a multiple of 8 but was " + length);
            }
            return length;
        }

        private void refuseEncryption() throws FormatException {
            int method = fields.rawInt(32);
            if (method != 0) {
                throw fields.damaged(
                        "crypt_method must be 0 but was %s: encrypted images cannot be read; decrypt it: qemu-img convert"
                                .formatted(Integer.toUnsignedString(method))
                                + " --object secret,id=s,file=PASSWORD --image-opts driver=qcow2,encrypt.key-secret=s,"
                                + "file.filename=%s -O qcow2 NEW.qcow2".formatted(file.location()));
            }
        }

        /// How many entries the size needs. A table may have more; those lie beyond the disk's end.
        private int l1Entries(int clusterBits, long size, boolean extendedL2) throws FormatException {
            // An L2 table is one cluster of entries.
            int bitsPerEntry = clusterBits + clusterBits
                    - Integer.numberOfTrailingZeros(l2EntryBytes(extendedL2));
            if (extendedL2 && clusterBits < MIN_EXTENDED_CLUSTER_BITS) {
                throw fields.damaged("cluster_bits must be %d..%d with extended L2 entries but was %d"
                        .formatted(MIN_EXTENDED_CLUSTER_BITS, MAX_CLUSTER_BITS, clusterBits));
            }
            long needed = ((size - 1) >>> bitsPerEntry) + 1;
            long max = MAX_L1_BYTES / Long.BYTES;
            if (needed > max) {
                throw fields.damaged("size must be at most %d with clusters of %d bytes but was %d"
                        .formatted(max << bitsPerEntry, 1 << clusterBits, size));
            }
            fields.intAt("l1_size", 36, needed, max);
            return (int) needed;
        }

        private long l1Offset(int clusterBits, int l1Entries) throws FormatException {
            int clusterSize = 1 << clusterBits;
            long tableBytes = (long) l1Entries * Long.BYTES;
            long last = file.size() - tableBytes;
            if (last < clusterSize) {
                throw fields
                        .damaged(("the L1 table must lie in the file with %d bytes but the file has only %d;"
                                + " the image is truncated").formatted(tableBytes, file.size()));
            }
            long offset = fields.longAt("l1_table_offset", 40, clusterSize, last);
            if (offset % clusterSize != 0) {
                throw fields.damaged("l1_table_offset must be a multiple of the cluster size %d but was %d"
                        .formatted(clusterSize, offset));
            }
            return offset;
        }

        private Optional<Backing> backing(int headerLength, int clusterBits) throws IOException {
            long offset = fields.rawLong(8);
            if (offset == 0) {
                return Optional.empty();
            }
            int clusterSize = (int) Math.min(1 << clusterBits, file.size());
            fields.longAt("backing_file_offset", 8, headerLength, clusterSize - 1L);
            int length = fields.intAt("backing_file_size", 16, 1,
                    Math.min(MAX_BACKING_NAME, clusterSize - offset));
            var name = ByteBuffer.allocate(length);
            file.read(name, offset);
            var extensions = Extensions.read(file, headerLength, (int) offset);
            return Optional.of(new Backing(new String(name.array(), StandardCharsets.UTF_8),
                    extensions.backingFormat().orElse("")));
        }

        private String dataFile(int headerLength, int clusterBits) throws IOException {
            // The backing file's name, if there is one, follows the extensions and was found to be in the first cluster.
            long backing = fields.rawLong(8);
            long end = backing == 0 ? Math.min(1 << clusterBits, file.size()) : backing;
            return Extensions.read(file, headerLength, (int) end).dataFile()
                    .orElseThrow(() -> fields.damaged("the external data file must be named but is not"));
        }

        private static ByteBuffer start(BackupFile file, int length) throws IOException {
            var start = ByteBuffer.allocate((int) Math.min(length, file.size()));
            file.read(start, 0);
            return start.flip();
        }
    }
}
