package org.vmfinalize.formats.machine;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.formats.file.AllOf;
import org.vmfinalize.formats.file.ContentIdentity;
import org.vmfinalize.formats.file.NamedDisk;

/// A restore point of a machine: a description, and an image for each disk.
///
/// **Threads:** any number.
public final class MachineBackup implements Backup {

    private final String format;
    private final List<BackupFile> ownFiles;
    private final List<Backup> images;
    private final List<BackupDisk> disks;
    private final MachineDescription description;
    private final Checksums checksums;

    /// @param ownFiles the description and what belongs to it; closed after the images, by this object
    /// @param images one for each disk, in the order of the disks; closed by this object
    public MachineBackup(String format, List<BackupFile> ownFiles, List<? extends Backup> images,
            MachineDescription description, Checksums checksums) {
        this.format = format;
        this.ownFiles = List.copyOf(ownFiles);
        this.images = List.copyOf(images);
        this.disks = IntStream.range(0, images.size()).mapToObj(i -> disk(i, images.get(i))).toList();
        this.description = description;
        this.checksums = checksums;
    }

    /// The name of the disk with that number.
    public static String diskName(int number) {
        return "disk-" + number;
    }

    private static BackupDisk disk(int number, Backup image) {
        var disk = image.disks().getFirst();
        return new NamedDisk(diskName(number), disk, disk.image());
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public String identity() {
        return ContentIdentity.of(format, Stream.concat(ownFiles.stream().map(BackupFile::identity),
                images.stream().map(Backup::identity)));
    }

    @Override
    public Optional<Instant> takenAt() {
        return description.takenAt();
    }

    @Override
    public List<BackupDisk> disks() {
        return disks;
    }

    @Override
    public Optional<Hardware> hardware() {
        return description.hardware();
    }

    @Override
    public List<String> verifyChecksums(LongConsumer progress) throws IOException {
        return checksums.verify(progress);
    }

    @Override
    public List<String> files() {
        return Stream.concat(images.stream().flatMap(image -> image.files().stream()),
                ownFiles.stream().map(BackupFile::location)).distinct().toList();
    }

    @Override
    public void hold(Holder holder) throws IOException {
        AllOf.each(images, image -> image.hold(holder), ownFiles, file -> file.hold(holder));
    }

    @Override
    public void release(String holderId) throws IOException {
        AllOf.each(images, image -> image.release(holderId), ownFiles, file -> file.release(holderId));
    }

    @Override
    public void close() throws IOException {
        AllOf.each(images, Backup::close, ownFiles, BackupFile::close);
    }

    /// Closes what was opened so far because of `failure`.
    public static void closeAfter(Exception failure, List<? extends Backup> images,
            List<? extends BackupFile> files) {
        try {
            AllOf.each(images, Backup::close, new ArrayList<>(files), BackupFile::close);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
