package org.vmfinalize.datastore;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The descriptor of a flat virtual disk, as ESXi writes it on NFS.
final class VmdkDescriptor {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long SECTOR_BYTES = 512;
    private static final long MIB = 1 << 20;

    private VmdkDescriptor() {}

    /// The text of a descriptor for `flatName`, which lies beside it.
    static String of(String flatName, long sizeBytes, boolean thin) {
        long sectors = sizeBytes / SECTOR_BYTES;
        var geometry = Geometry.of(sizeBytes);
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String contentId = HexFormat.of().formatHex(random, 0, 16);
        String text = """
                # Disk DescriptorFile
                version=1
                encoding="UTF-8"
                CID=%s
                parentCID=ffffffff
                createType="vmfs"

                # Extent description
                RW %d VMFS "%s"

                # The Disk Data Base
                #DDB

                ddb.adapterType = "lsilogic"
                ddb.geometry.cylinders = "%d"
                ddb.geometry.heads = "%d"
                ddb.geometry.sectors = "%d"
                ddb.longContentID = "%s"
                ddb.uuid = "%s"
                ddb.virtualHWVersion = "14"
                """.formatted(contentId.substring(24), sectors, flatName,
                Math.max(1, sectors / (geometry.heads * geometry.sectors)), geometry.heads, geometry.sectors,
                contentId,
                uuid(random));
        return thin ? text + "ddb.thinProvisioned = \"1\"\n" : text;
    }

    /// 16 bytes as ESXi prints them, of which the first four mark a disk made by it.
    private static String uuid(byte[] random) {
        byte[] bytes = new byte[16];
        System.arraycopy(random, 16, bytes, 0, 16);
        bytes[0] = 0x60;
        bytes[1] = 0x00;
        bytes[2] = (byte) 0xc2;
        bytes[3] = (byte) 0x9a;
        var hex = HexFormat.ofDelimiter(" ");
        return hex.formatHex(bytes, 0, 8) + "-" + hex.formatHex(bytes, 8, 16);
    }

    /// What small disks have had since their BIOS days; today's guests do not look at it.
    private record Geometry(long heads, long sectors) {
        static Geometry of(long sizeBytes) {
            if (sizeBytes < 1024 * MIB) {
                return new Geometry(64, 32);
            }
            return sizeBytes < 2048 * MIB ? new Geometry(128, 32) : new Geometry(255, 63);
        }
    }
}
