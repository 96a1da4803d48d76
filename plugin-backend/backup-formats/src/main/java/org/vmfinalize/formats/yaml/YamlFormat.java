package org.vmfinalize.formats.yaml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.formats.machine.Checksums;
import org.vmfinalize.formats.machine.DiskImages;
import org.vmfinalize.formats.machine.MachineBackup;
import org.vmfinalize.formats.ovf.PackagedMachine;

/// Images in a folder, with a `backup.yaml` that names them and describes the machine: for everything that no other format
/// tells the machine of. Or one that chooses a machine of an OVF package.
public final class YamlFormat implements BackupFormat {

    private static final int CERTAIN = 100;
    private static final int HEAD_BYTES = 4096;
    private static final Pattern VERSION = Pattern.compile("(?m)^" + YamlDescription.VERSION + "\\s*:");

    @Override
    public String name() {
        return "backup.yaml";
    }

    /// Certain of a file that is called YAML and begins as one of ours.
    @Override
    public int recognises(BackupFile file) throws IOException {
        String name = file.name().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
            return 0;
        }
        var head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.size()));
        file.read(head, 0);
        String text = new String(head.array(), StandardCharsets.ISO_8859_1);
        return VERSION.matcher(text).find() ? CERTAIN : 0;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        List<Backup> images = new ArrayList<>();
        try {
            YamlValues values = YamlDescription.values(file);
            Optional<PackagedMachine> packaged = YamlDescription.packaged(values);
            if (packaged.isPresent()) {
                return packaged.get().open(name(), file);
            }
            var description = YamlDescription.of(values);
            for (var disk : description.disks()) {
                images.add(DiskImages.open(file.sibling(disk.file()), disk.format(), file.location()));
            }
            return new MachineBackup(name(), List.of(file), images, description.machine(), Checksums.NONE);
        } catch (IOException | RuntimeException e) {
            MachineBackup.closeAfter(e, images, List.of(file));
            throw e;
        }
    }
}
