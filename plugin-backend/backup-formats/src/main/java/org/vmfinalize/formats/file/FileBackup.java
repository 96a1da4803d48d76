package org.vmfinalize.formats.file;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.DiskImage;

/// A restore point of one disk that lies in one file or in a chain of files.
///
/// **Threads:** any number.
public final class FileBackup implements Backup {

    private final String format;
    private final BackupDisk disk;
    private final List<BackupFile> files;

    /// @param files those that the disk's bytes come from, the top of the chain first; owned and closed by this object
    public FileBackup(String format, BackupDisk disk, List<? extends BackupFile> files) {
        this.format = format;
        this.disk = disk;
        this.files = List.copyOf(files);
    }

    /// The restore point of one image that programs like QEMU's can open by themselves.
    ///
    /// @param format `raw`, `qcow2`, `vmdk`, `vhd` or `vhdx`
    /// @param disk named `disk-0`
    /// @param files as above
    public static FileBackup ofImage(String format, BackupDisk disk, List<? extends BackupFile> files) {
        var top = files.getFirst();
        return new FileBackup(format, new NamedDisk(disk.name(), disk, image(format, top)), files);
    }

    private static Optional<DiskImage> image(String format, BackupFile top) {
        return switch (top) {
            case FileWindow member -> Optional
                    .of(new DiskImage(format, member.file().location(), Optional.of(member.range())));
            case JoinedFile _ -> Optional.empty();
            default -> Optional.of(new DiskImage(format, top.location(), Optional.empty()));
        };
    }

    @Override
    public String format() {
        return format;
    }

    /// The format's name and a digest over the identities of all files, in the order of the chain.
    @Override
    public String identity() {
        return ContentIdentity.of(format, files.stream().map(BackupFile::identity));
    }

    @Override
    public Optional<Instant> takenAt() {
        return Optional.empty();
    }

    @Override
    public List<BackupDisk> disks() {
        return List.of(disk);
    }

    @Override
    public List<String> files() {
        return files.stream().map(BackupFile::location).toList();
    }

    @Override
    public void hold(Holder holder) throws IOException {
        AllOf.each(files, file -> file.hold(holder));
    }

    @Override
    public void release(String holderId) throws IOException {
        AllOf.each(files, file -> file.release(holderId));
    }

    @Override
    public void close() throws IOException {
        AllOf.each(files, BackupFile::close);
    }
}
