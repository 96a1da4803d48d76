package org.vmfinalize.formats.qcow2;

import java.nio.file.Files;
import java.util.List;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;

class Qcow2ContractTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new Qcow2Format();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample("one image",
                        folder -> new Sample.Made(SmallImage.make().write(folder.resolve("top")),
                                List.of(SmallImage.content()))),
                new Sample("over a raw base", folder -> {
                    Files.write(folder.resolve("base"), SmallImage.content());
                    return new Sample.Made(
                            SmallImage.make().putLong(SmallImage.L1, 0).withBacking("base", "raw")
                                    .write(folder.resolve("top")),
                            List.of(SmallImage.content()));
                }));
    }
}
