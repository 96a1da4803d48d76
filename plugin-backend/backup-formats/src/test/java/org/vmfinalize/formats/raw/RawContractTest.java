package org.vmfinalize.formats.raw;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;

class RawContractTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new RawFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(sample("a sector", 512), sample("a size that is no number of sectors", 70_001));
    }

    private static Sample sample(String name, int size) {
        return new Sample(name, folder -> {
            var bytes = new byte[size];
            new Random(7).nextBytes(bytes);
            Path file = Files.write(folder.resolve("disk.raw"), bytes);
            return new Sample.Made(file, List.of(bytes));
        });
    }
}
