package org.vmfinalize.places;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vmfinalize.backup.Backup;

/// An OVA with a stream-optimized disk, made by QEMU and tar.
public final class Ova {

    private Ova() {}

    /// Packs `disk.raw` of the folder.
    public static byte[] make(Path folder) throws IOException {
        Programs.require("qemu-img", "qemu-utils");
        Programs.run(folder, "qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o",
                "subformat=streamOptimized", "disk.raw", "disk.vmdk");
        long size = Files.size(folder.resolve("disk.raw"));
        Files.writeString(folder.resolve("vm.ovf"),
                """
                        <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
                          <References><File ovf:id="file1" ovf:href="disk.vmdk" ovf:size="%d"/></References>
                          <DiskSection><Disk ovf:diskId="d" ovf:fileRef="file1" ovf:capacity="%d"
                            ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/></DiskSection>
                          <VirtualSystem ovf:id="web-01"/>
                        </Envelope>
                        """
                        .formatted(Files.size(folder.resolve("disk.vmdk")), size));
        Programs.run(folder, "tar", "--format=ustar", "-cf", "vm.ova", "vm.ovf", "disk.vmdk");
        return Files.readAllBytes(folder.resolve("vm.ova"));
    }

    /// The bytes of its disk.
    public static byte[] diskOf(Backup ova) throws IOException {
        var disk = ova.disks().getFirst();
        byte[] all = new byte[(int) disk.size()];
        for (int at = 0; at < all.length; at += 777_777) {
            disk.read(ByteBuffer.wrap(all, at, Math.min(777_777, all.length - at)), at);
        }
        return all;
    }
}
