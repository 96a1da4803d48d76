package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.formats.chain.Fields;

/// The header of a dynamic or differencing VHD, of 1024 bytes.
///
///     offset  bytes  meaning
///          0      8  "cxsparse"
///         16      8  offset of the block allocation table
///         24      4  version, 0x00010000
///         28      4  entries of the table
///         32      4  size of a block in bytes, without its bitmap
///         36      4  checksum, as in the footer
///         40     16  identifier of the parent
///         64    512  name of the parent, in UTF-16
///        576    192  parent locators, not needed: the parent lies beside its child
///
/// @param tableOffset of the block allocation table, in bytes
/// @param blockSize in bytes, a power of two
record DynamicHeader(long tableOffset, int blockSize, Optional<Parent> parent) {

    static final int BYTES = 1024;

    private static final byte[] COOKIE = "cxsparse".getBytes(StandardCharsets.US_ASCII);
    private static final int MIN_BLOCK = 4096;
    private static final int MAX_BLOCK = 64 << 20;
    private static final int NAME_BYTES = 512;

    /// 4 TiB in blocks of 2 MiB: twice what the format allows.
    static final int MAX_ENTRIES = 2 << 20;

    /// The image below.
    ///
    /// @param name without folders, not to be trusted
    record Parent(UUID id, String name) {}

    static DynamicHeader read(BackupFile file, VhdFooter footer) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(BYTES, file.size() - footer.headerOffset()));
        file.read(bytes, footer.headerOffset());
        var fields = new Fields(file.location(), "VHD dynamic disk header at " + footer.headerOffset(),
                bytes.flip());
        if (bytes.limit() < BYTES || !bytes.slice(0, COOKIE.length).equals(ByteBuffer.wrap(COOKIE))) {
            throw fields.damaged("must have 1024 bytes and begin with 'cxsparse' but does not");
        }
        VhdFooter.Checksum.check(fields, bytes, 36);
        fields.intAt("header version", 24, 0x0001_0000, 0x0001_ffff);
        int blockSize = fields.intAt("block size", 32, MIN_BLOCK, MAX_BLOCK);
        if (Integer.bitCount(blockSize) != 1) {
            throw fields.damaged("the block size must be a power of two but was " + blockSize);
        }
        long needed = Math.ceilDiv(footer.size(), (long) blockSize);
        if (needed > MAX_ENTRIES) {
            throw fields.damaged(
                    "the table must have at most %d entries but needs %d".formatted(MAX_ENTRIES, needed));
        }
        fields.unsignedIntAt("max table entries", 28, needed, Integer.toUnsignedLong(-1));
        long last = file.size() - needed * Integer.BYTES;
        if (last < VhdFooter.BYTES) {
            throw fields.damaged(
                    "the table must lie in the file with %d entries but the file has only %d bytes; %s"
                            .formatted(needed, file.size(), "the image is truncated"));
        }
        long table = fields.longAt("table offset", 16, VhdFooter.BYTES, last);
        if (table % VhdFooter.BYTES != 0) {
            throw fields.damaged("the table offset must be a multiple of 512 but was " + table);
        }
        Optional<Parent> parent = footer.type() == VhdFooter.Type.DIFFERENCING
                ? Optional.of(new Parent(VhdFooter.id(bytes, 40), name(bytes)))
                : Optional.empty();
        return new DynamicHeader(table, blockSize, parent);
    }

    private static String name(ByteBuffer bytes) {
        String name = StandardCharsets.UTF_16BE.decode(bytes.slice(64, NAME_BYTES)).toString();
        int end = name.indexOf(0);
        return ParentPaths.lastPart(end < 0 ? name : name.substring(0, end));
    }
}
