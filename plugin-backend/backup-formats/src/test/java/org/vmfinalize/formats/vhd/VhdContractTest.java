package org.vmfinalize.formats.vhd;

import java.util.List;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;

class VhdContractTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new VhdFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample("dynamic",
                        folder -> new Sample.Made(SmallVhd.dynamic().write(folder.resolve("base.vhd")),
                                List.of(SmallVhd.dynamicContent()))),
                new Sample("differencing", folder -> {
                    SmallVhd.dynamic().write(folder.resolve("base.vhd"));
                    return new Sample.Made(
                            SmallVhd.differencing("C:\\disks\\base.vhd").write(folder.resolve("top.avhd")),
                            List.of(SmallVhd.differencingContent()));
                }));
    }
}
