package org.vmfinalize.formats.ovf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.Sample;
import org.vmfinalize.formats.tar.TarWriter;
import org.vmfinalize.formats.vmdk.SmallVmdk;

class OvaContractTest extends BackupFormatContract {

    @Override
    protected BackupFormat format() {
        return new OvaFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(new Sample("two disks in an archive", folder -> {
            var contents = new SmallPackage().disk("disk1.vmdk", SmallVmdk.stream().toBytes())
                    .disk("disk2.vmdk", SmallVmdk.sparse().toBytes());
            Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
            contents.write(unpacked);
            var tar = new TarWriter();
            for (var name : contents.names()) {
                tar.file(name, Files.readAllBytes(unpacked.resolve(name)));
            }
            Path ova = Files.write(folder.resolve("vm.ova"), tar.end());
            return new Sample.Made(ova, List.of(SmallVmdk.streamContent(), SmallVmdk.content()));
        }));
    }
}
