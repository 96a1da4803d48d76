package org.vmfinalize.formats.vhd;

import java.util.List;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;

class VhdxContractTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new VhdxFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample("dynamic",
                        folder -> new Sample.Made(SmallVhdx.dynamic().write(folder.resolve("base.vhdx")),
                                List.of(SmallVhdx.dynamicContent()))),
                new Sample("differencing", folder -> {
                    SmallVhdx.dynamic().write(folder.resolve("base.vhdx"));
                    return new Sample.Made(
                            SmallVhdx.differencing(".\\base.vhdx").write(folder.resolve("top.avhdx")),
                            List.of(SmallVhdx.differencingContent()));
                }));
    }
}
