package org.example.split;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFile;

/// An open backup: the list of parts and the parts.
final class SplitBackup implements Backup {

    private final List<BackupFile> files;
    private final SplitDisk disk;

    /// @param files the list first, then the parts in their order; owned from here on
    SplitBackup(List<BackupFile> files) {
        this.files = List.copyOf(files);
        this.disk = new SplitDisk(this.files.subList(1, files.size()));
    }

    @Override
    public String format() {
        return SplitFormat.NAME;
    }

    /// A digest over the identities of all files: it changes when one of them does.
    @Override
    public String identity() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var file : files) {
                digest.update((file.identity() + "\n").getBytes(UTF_8));
            }
            return SplitFormat.NAME + "-" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
        each(file -> file.hold(holder));
    }

    @Override
    public void release(String holderId) throws IOException {
        each(file -> file.release(holderId));
    }

    @Override
    public void close() throws IOException {
        each(BackupFile::close);
    }

    private interface Action {
        void on(BackupFile file) throws IOException;
    }

    /// All files get their turn, whatever happens to one of them.
    private void each(Action action) throws IOException {
        IOException failure = null;
        for (var file : files) {
            try {
                action.on(file);
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

    static void closeAll(List<BackupFile> files, Exception because) {
        try {
            new SplitBackup(files).close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
