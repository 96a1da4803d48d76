package org.vmfinalize.formats.vmdk;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;

class VmdkContractTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new VmdkFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample("sparse",
                        folder -> new Sample.Made(SmallVmdk.sparse().write(folder.resolve("top.vmdk")),
                                List.of(SmallVmdk.content()))),
                new Sample("stream-optimized",
                        folder -> new Sample.Made(SmallVmdk.stream().write(folder.resolve("top.vmdk")),
                                List.of(SmallVmdk.streamContent()))),
                new Sample("snapshot of ESXi on a sparse disk", folder -> {
                    SmallVmdk.sparse().write(folder.resolve("base.vmdk"));
                    SmallVmdk.cowd().write(folder.resolve("top-delta.vmdk"));
                    Files.writeString(
                            folder.resolve("top.vmdk"), SmallVmdk.descriptor("vmfsSparse", "12345678",
                                    "base.vmdk",
                                    "RW %d VMFSSPARSE \"top-delta.vmdk\""
                                            .formatted(SmallVmdk.DISK_SIZE / 512)),
                            StandardCharsets.UTF_8);
                    byte[] disk = SmallVmdk.content();
                    Arrays.fill(disk, 4096, 5120, (byte) 'c');
                    return new Sample.Made(folder.resolve("top.vmdk"), List.of(disk));
                }));
    }
}
