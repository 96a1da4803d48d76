package org.vmfinalize.formats.ovf;

import java.util.List;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;
import org.vmfinalize.formats.vmdk.SmallVmdk;

class OvfContractTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new OvfFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(new Sample("two disks and an empty one", folder -> new Sample.Made(
                new SmallPackage().disk("disk 1.vmdk", SmallVmdk.stream().toBytes())
                        .disk("disk2.vmdk", SmallVmdk.sparse().toBytes()).emptyDisk().write(folder),
                List.of(SmallVmdk.streamContent(), SmallVmdk.content(),
                        new byte[SmallPackage.EMPTY_DISK_BYTES]))));
    }
}
