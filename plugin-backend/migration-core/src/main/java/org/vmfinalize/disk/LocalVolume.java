package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// The file system of this machine.
enum LocalVolume implements Volume {

    INSTANCE;

    @Override
    public VolumeFile create(Path file) throws IOException {
        return open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public VolumeFile open(Path file) throws IOException {
        return open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static VolumeFile open(Path file, StandardOpenOption... options) throws IOException {
        try {
            var channel = FileChannel.open(file, options);
            return new LocalFile(file, channel, SparseFile.open(file));
        } catch (IOException e) {
            throw told(file, e);
        }
    }

    @Override
    public boolean exists(Path fileOrFolder) {
        return Files.exists(fileOrFolder);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw told(folder, e);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw told(from, e);
        }
    }

    @Override
    public void delete(Path fileOrFolder) throws IOException {
        Files.deleteIfExists(fileOrFolder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Turns the operating system's "no space" and "quota" into the exception that callers act upon.
    static IOException told(Path file, IOException failure) {
        String text = failure instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : String.valueOf(failure.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return new NoSpaceException(
                    "%s: the datastore is full (%s); free space on it".formatted(file, text), failure);
        }
        return failure;
    }
}
