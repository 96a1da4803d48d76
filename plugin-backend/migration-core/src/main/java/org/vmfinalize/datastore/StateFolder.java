package org.vmfinalize.datastore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.disk.BackupDiskSource;
import org.vmfinalize.disk.DamagedStateException;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.StoredSize;
import org.vmfinalize.disk.Volume;

/// The hidden folder of a datastore. It has one folder for each instant VM, whose name says how far it is:
///
///     ID            in use: instant.properties, and disk-N or disk-N.sealed for every disk
///     ID.new        being made; after a crash it and the files it names are deleted
///     ID.discarded  being thrown away; after a crash that is finished
///     ID.finished   all disks are complete; after a crash the mark is taken off the backup and it is deleted
///
/// Each step from one name to another is one rename, so a crash leaves one or the other.
final class StateFolder {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String NEW = ".new";
    private static final String DISCARDED = ".discarded";
    private static final String FINISHED = ".finished";

    private final Volume volume;
    private final Path directory;
    private final Path hidden;

    StateFolder(Volume volume, Path directory) {
        this.volume = volume;
        this.directory = directory;
        this.hidden = directory.resolve(Datastore.HIDDEN_FOLDER);
    }

    Volume volume() {
        return volume;
    }

    Path directory() {
        return directory;
    }

    /// Refuses what is not the name of one visible folder.
    static void checkVmFolder(String vmFolder) {
        if (vmFolder.isEmpty() || vmFolder.length() > 200 || vmFolder.startsWith(".")
                || vmFolder.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ')) {
            throw new IllegalArgumentException(
                    "VM folder: must be a name of 1 to 200 characters without '/', '\\' and a leading '.' but was '%s'"
                            .formatted(vmFolder));
        }
    }

    /// Finishes what a crash has interrupted. What cannot be finished is logged and left, for a person to look at.
    void tidyUp(Consumer<InstantRecord> releaseLease) throws IOException {
        for (var folder : folders()) {
            String name = folder.getFileName().toString();
            try {
                if (name.endsWith(NEW)) {
                    undoCreation(folder, releaseLease);
                } else if (name.endsWith(DISCARDED)) {
                    var record = InstantRecord.read(folder);
                    deleteDisks(record);
                    releaseLease.accept(record);
                    deleteTree(folder);
                } else if (name.endsWith(FINISHED)) {
                    releaseLease.accept(InstantRecord.read(folder));
                    deleteTree(folder);
                }
            } catch (DamagedStateException e) {
                LOG.error("{}: cannot be tidied up and is left as it is: {}", folder, e.getMessage());
            }
        }
    }

    /// Makes durable how far each instant VM is: the server may have died right after a rename, and what guests write from now
    /// on is called stable.
    void forceNames() throws IOException {
        volume.forceFolder(hidden);
    }

    private void undoCreation(Path folder, Consumer<InstantRecord> releaseLease) throws IOException {
        if (InstantRecord.isIn(folder)) {
            var record = InstantRecord.read(folder);
            deleteDisks(record);
            releaseLease.accept(record);
        }
        deleteTree(folder);
    }

    /// The folders of the instant VMs in use.
    List<Path> inUse() throws IOException {
        return folders().stream().filter(folder -> !folder.toString().endsWith(NEW)
                && !folder.toString().endsWith(DISCARDED) && !folder.toString().endsWith(FINISHED)).toList();
    }

    /// The record in a folder. After a crash in the middle of a rename it is the one whose files are there.
    InstantRecord record(Path folder) throws IOException {
        var record = InstantRecord.read(folder);
        var next = InstantRecord.readNext(folder);
        if (next.isEmpty()) {
            return record;
        }
        var now = filesAreThere(record) || !filesAreThere(next.get()) ? record : next.get();
        // Before the record says so for good: the names may not be durable yet.
        for (var disk : now.disks()) {
            forceNames(flatFile(disk).resolve(".."));
        }
        volume.forceFolder(directory);
        now.write(volume, folder);
        InstantRecord.deleteNext(volume, folder);
        return now;
    }

    private boolean filesAreThere(InstantRecord record) throws IOException {
        for (int i = 0; i < record.disks().size(); i++) {
            if (!isSealed(record, i) && !volume.exists(flatFile(record.disks().get(i)))) {
                return false;
            }
        }
        return true;
    }

    private List<Path> folders() throws IOException {
        try (var entries = Files.list(hidden)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    private Path folder(InstantRecord record, String suffix) {
        return hidden.resolve(record.id() + suffix);
    }

    /// Makes the folder of an instant VM that is being made.
    Path beginCreation(InstantRecord record) throws IOException {
        Path folder = folder(record, NEW);
        volume.createFolder(folder);
        volume.forceFolder(hidden);
        record.write(volume, folder);
        return folder;
    }

    void commitCreation(InstantRecord record) throws IOException {
        rename(folder(record, NEW), folder(record, ""));
    }

    void commitDiscard(InstantRecord record) throws IOException {
        rename(folder(record, ""), folder(record, DISCARDED));
    }

    void deleteDiscarded(InstantRecord record) throws IOException {
        deleteTree(folder(record, DISCARDED));
    }

    void commitFinish(InstantRecord record) throws IOException {
        rename(folder(record, ""), folder(record, FINISHED));
    }

    void deleteFinished(InstantRecord record) throws IOException {
        deleteTree(folder(record, FINISHED));
    }

    private void rename(Path from, Path to) throws IOException {
        volume.rename(from, to);
        volume.forceFolder(hidden);
    }

    /// Makes a rename durable.
    void forceNames(Path from, Path to) throws IOException {
        volume.forceFolder(Objects.requireNonNull(to.getParent()));
        volume.forceFolder(Objects.requireNonNull(from.getParent()));
    }

    /// Notes that names are about to change.
    void beginRename(InstantRecord changed) throws IOException {
        changed.writeNext(volume, folder(changed, ""));
    }

    /// Notes that they have changed, durably.
    void commitRename(InstantRecord changed) throws IOException {
        changed.write(volume, folder(changed, ""));
        InstantRecord.deleteNext(volume, folder(changed, ""));
    }

    /// Notes that they have not changed.
    void abandonRename(InstantRecord record) throws IOException {
        InstantRecord.deleteNext(volume, folder(record, ""));
    }

    void storeSecondCopy(InstantRecord record, SecondCopy copy) throws IOException {
        copy.write(volume, folder(record, ""));
    }

    /// The second copy that was named for an instant VM, however far that is.
    Optional<SecondCopy> secondCopy(InstantRecord record) throws IOException {
        for (String suffix : List.of("", FINISHED, DISCARDED, NEW)) {
            if (Files.isDirectory(folder(record, suffix))) {
                return SecondCopy.read(folder(record, suffix));
            }
        }
        return Optional.empty();
    }

    /// Deletes an unfinished creation.
    void abandonCreation(InstantRecord record) throws IOException {
        deleteDisks(record);
        deleteTree(folder(record, NEW));
    }

    /// Whether the state says that the disk is complete.
    boolean hasSealedMark(InstantRecord record, int index) {
        Path state = folder(record, "").resolve(InstantRecord.diskFolder(index));
        return !Files.isDirectory(state) && Files.isDirectory(LiveDisk.sealedFolder(state));
    }

    boolean isSealed(InstantRecord record, int index) throws IOException {
        Path state = folder(record, "").resolve(InstantRecord.diskFolder(index));
        if (Files.isDirectory(state)) {
            return false;
        }
        if (Files.isDirectory(LiveDisk.sealedFolder(state))) {
            return true;
        }
        throw new DamagedStateException(
                "%s: must be the state of live disk %s but is not there; put it back from a copy "
                        .formatted(state, record.disks().get(index).name())
                        + "of the datastore, or discard the instant VM");
    }

    /// How many bytes the live disks of a folder have, as far as that can be read, whatever is known of them otherwise.
    Set<Long> storedSizes(Path folder) {
        var sizes = new HashSet<Long>();
        try (var entries = Files.list(folder)) {
            for (var disk : entries.filter(Files::isDirectory)
                    .filter(entry -> !entry.equals(LiveDisk.sealedFolder(entry))).toList()) {
                sizes.addAll(StoredSize.of(volume, disk));
            }
        } catch (IOException e) {
            LOG.warn("{}: cannot be listed: {}", folder, e.getMessage());
        }
        return sizes;
    }

    LiveDisk openDisk(InstantRecord record, int index, BackupDiskSource source, LiveDiskSettings settings)
            throws IOException {
        var disk = record.disks().get(index);
        return LiveDisk.open(volume, folder(record, "").resolve(InstantRecord.diskFolder(index)),
                flatFile(disk), disk.name(), disk.id(), disk.sizeBytes(), source, settings);
    }

    /// A disk's file. What is stored is believed only as far as it stays in the datastore.
    Path flatFile(InstantRecord.Disk disk) throws DamagedStateException {
        Path file = directory.resolve(disk.flatFile()).normalize();
        if (!file.startsWith(directory) || file.startsWith(hidden)) {
            throw new DamagedStateException(
                    "disk %s: its file must lie in the datastore but is '%s'".formatted(disk.name(),
                            disk.flatFile()));
        }
        return file;
    }

    static Path descriptor(Path flatFile) {
        String name = flatFile.getFileName().toString();
        return flatFile.resolveSibling(name.substring(0, name.length() - "-flat.vmdk".length()) + ".vmdk");
    }

    /// Deletes the files of all disks, and the VM's folder if nothing else is in it; durable when it returns.
    ///
    /// A file that came back after its state is gone would be served as a complete one.
    void deleteDisks(InstantRecord record) throws IOException {
        for (var disk : record.disks()) {
            Path flat = flatFile(disk);
            volume.delete(flat);
            if (flat.toString().endsWith("-flat.vmdk")) {
                volume.delete(descriptor(flat));
            }
            forceNames(flat.resolve(".."));
        }
        Path vmFolder = directory.resolve(record.vmFolder()).normalize();
        if (vmFolder.startsWith(directory) && !vmFolder.equals(directory) && isEmptyFolder(vmFolder)) {
            volume.delete(vmFolder);
            forceNames(vmFolder.resolve(".."));
        }
    }

    private void forceNames(Path folder) throws IOException {
        if (Files.isDirectory(folder.normalize())) {
            volume.forceFolder(folder.normalize());
        }
    }

    private static boolean isEmptyFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private void deleteTree(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (var entries = Files.walk(folder)) {
            deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
        }
        for (var entry : deepestFirst) {
            volume.delete(entry);
        }
        volume.forceFolder(hidden);
    }

    /// The record after a rename of a file or folder; the same one if the rename does not concern it.
    InstantRecord renamed(InstantRecord record, Path oldPath, Path newPath) {
        var disks = new ArrayList<InstantRecord.Disk>();
        for (var disk : record.disks()) {
            Path file = directory.resolve(disk.flatFile());
            disks.add(file.startsWith(oldPath)
                    ? disk.withFlatFile(directory
                            .relativize(newPath.resolve(oldPath.relativize(file)).normalize()).toString())
                    : disk);
        }
        Path vmFolder = directory.resolve(record.vmFolder());
        String folder = vmFolder.startsWith(oldPath)
                ? Objects.toString(
                        directory.relativize(newPath.resolve(oldPath.relativize(vmFolder)).normalize()))
                : record.vmFolder();
        return new InstantRecord(record.id(), folder, record.backup(), record.since(), disks);
    }
}
