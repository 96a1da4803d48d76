package org.vmfinalize.formats.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFile;

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

    @Override
    public String format() {
        return format;
    }

    /// The format's name and a digest over the identities of all files, in the order of the chain.
    @Override
    public String identity() {
        MessageDigest digest = sha256();
        for (var file : files) {
            digest.update((file.identity() + '\n').getBytes(StandardCharsets.UTF_8));
        }
        return format + ":" + HexFormat.of().formatHex(digest.digest());
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
        forEach(files, file -> file.hold(holder));
    }

    @Override
    public void release(String holderId) throws IOException {
        forEach(files, file -> file.release(holderId));
    }

    @Override
    public void close() throws IOException {
        closeAll(files);
    }

    /// Closes all of `files`, also when closing one of them fails; then throws what failed.
    public static void closeAll(List<? extends BackupFile> files) throws IOException {
        forEach(files, BackupFile::close);
    }

    private static void forEach(List<? extends BackupFile> files, FileStep step) throws IOException {
        IOException failure = null;
        for (var file : files) {
            try {
                step.on(file);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }

    private interface FileStep {
        void on(BackupFile file) throws IOException;
    }
}
