package org.vmfinalize.datastore;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.vmfinalize.disk.DamagedStateException;
import org.vmfinalize.disk.Volume;

/// What is stored about an instant VM: the file `instant.properties`, a Java properties file, in the VM's folder.
///
/// @param id names the folder and the lease on the backup
/// @param vmFolder the folder of the disks in the datastore
/// @param backup the restore point
/// @param since when it was made, to the second
/// @param disks the disks, in the VM's order
record InstantRecord(UUID id, String vmFolder, BackupReference backup, Instant since, List<Disk> disks) {

    private static final String VERSION = "2";
    private static final int MAX_DISKS = 256;

    /// One disk.
    ///
    /// @param name its file is `NAME.vmdk`
    /// @param backupDisk its name in the backup
    /// @param sizeBytes the live disk's size
    /// @param flatFile relative to the datastore, with `/`
    record Disk(UUID id, String name, String backupDisk, long sizeBytes, String flatFile) {

        Disk withFlatFile(String file) {
            return new Disk(id, name, backupDisk, sizeBytes, file);
        }
    }

    InstantRecord {
        disks = List.copyOf(disks);
    }

    /// The folder of a disk's map and journal in the VM's folder.
    static String diskFolder(int index) {
        return "disk-" + index;
    }

    /// Replaces what is stored in `folder`, in one step.
    void write(Volume volume, Path folder) throws IOException {
        write(volume, file(folder));
    }

    private void write(Volume volume, RecordFile target) throws IOException {
        var properties = new Properties();
        properties.setProperty("version", VERSION);
        properties.setProperty("id", id.toString());
        properties.setProperty("vmFolder", vmFolder);
        properties.setProperty("backup.location", backup.location());
        properties.setProperty("backup.format", backup.format());
        properties.setProperty("backup.identity", backup.identity());
        properties.setProperty("since", since.toString());
        properties.setProperty("disks", Integer.toString(disks.size()));
        for (int i = 0; i < disks.size(); i++) {
            var disk = disks.get(i);
            String prefix = "disk." + i + ".";
            properties.setProperty(prefix + "id", disk.id.toString());
            properties.setProperty(prefix + "name", disk.name);
            properties.setProperty(prefix + "backupDisk", disk.backupDisk);
            properties.setProperty(prefix + "sizeBytes", Long.toString(disk.sizeBytes));
            properties.setProperty(prefix + "flatFile", disk.flatFile);
        }
        var text = new StringWriter();
        properties.store(text,
                "An instant VM of vm-finalize. Do not change or delete: its disks would be lost.");
        target.write(volume, text.toString());
    }

    /// Says in `folder` what the record will be after a change of names, so that a crash in between is no riddle.
    void writeNext(Volume volume, Path folder) throws IOException {
        write(volume, next(folder));
    }

    /// Takes back what [#writeNext] has said.
    static void deleteNext(Volume volume, Path folder) throws IOException {
        next(folder).delete(volume);
    }

    private static RecordFile file(Path folder) {
        return new RecordFile(folder.resolve("instant.properties"));
    }

    private static RecordFile next(Path folder) {
        return new RecordFile(folder.resolve("instant.next"));
    }

    /// Whether there is a record.
    static boolean isIn(Path folder) {
        return file(folder).exists();
    }

    /// Reads what is stored in `folder`.
    ///
    /// @throws DamagedStateException if it is incomplete
    static InstantRecord read(Path folder) throws IOException {
        return parse(folder, file(folder).read());
    }

    /// What the record was to be after a change of names that a crash has cut short, or that came before it.
    static Optional<InstantRecord> readNext(Path folder) throws IOException {
        var next = next(folder);
        return next.exists() ? Optional.of(parse(folder, next.read())) : Optional.empty();
    }

    private static InstantRecord parse(Path folder, String text) throws IOException {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text));
            String version = text(properties, "version");
            if (!version.equals(VERSION)) {
                throw new DamagedStateException(
                        "%s: version must be %s but was %s; use the version of vm-finalize that wrote it"
                                .formatted(folder, VERSION, version));
            }
            var backup = new BackupReference(text(properties, "backup.location"),
                    text(properties, "backup.format"),
                    text(properties, "backup.identity"));
            return new InstantRecord(UUID.fromString(text(properties, "id")), text(properties, "vmFolder"),
                    backup, since(properties), disks(properties));
        } catch (IllegalArgumentException e) {
            throw new DamagedStateException(
                    "%s: %s; put it back from a copy of the datastore".formatted(folder, e.getMessage()), e);
        }
    }

    private static Instant since(Properties properties) {
        try {
            return Instant.parse(text(properties, "since"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("since must be a time such as 2026-11-25T19:40:00Z", e);
        }
    }

    private static List<Disk> disks(Properties properties) {
        int count = Integer.parseInt(text(properties, "disks"));
        if (count < 0 || count > MAX_DISKS) {
            throw new IllegalArgumentException(
                    "disks must be 0 to %d but was %d".formatted(MAX_DISKS, count));
        }
        var disks = new ArrayList<Disk>();
        for (int i = 0; i < count; i++) {
            String prefix = "disk." + i + ".";
            disks.add(new Disk(UUID.fromString(text(properties, prefix + "id")),
                    text(properties, prefix + "name"),
                    text(properties, prefix + "backupDisk"),
                    Long.parseLong(text(properties, prefix + "sizeBytes")),
                    text(properties, prefix + "flatFile")));
        }
        return disks;
    }

    private static String text(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " must be there but is missing");
        }
        return value;
    }
}
