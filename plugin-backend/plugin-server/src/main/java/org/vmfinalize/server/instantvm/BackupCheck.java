package org.vmfinalize.server.instantvm;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.NoSpaceException;
import org.vmfinalize.providers.BackupNotFoundException;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Whether a backup may be used and can be read.
@Component
class BackupCheck {

    private final BackupOpener backups;
    private final BackupSettings settings;

    BackupCheck(BackupOpener backups, BackupSettings settings) {
        this.backups = backups;
        this.settings = settings;
    }

    /// Opens the backup, looks and closes it again.
    ///
    /// @throws Problem that says what is wrong with it
    Checked open(@Nullable String location) {
        var path = allowed(location);
        try (var backup = backups.open(BackupReference.at(path.toString()))) {
            return new Checked(new BackupReference(path.toString(), backup.format(), backup.identity()),
                    backup.takenAt());
        } catch (IOException e) {
            throw problem(e, path);
        }
    }

    /// Makes the live disks.
    InstantDisks layDown(Datastore datastore, String folder, BackupReference backup) {
        try {
            return datastore.create(folder, backup);
        } catch (NoSpaceException e) {
            throw new Problem(ProblemType.DATASTORE_FULL,
                    "datastore '%s': it is full; make room".formatted(datastore.name()),
                    e);
        } catch (FormatException e) {
            throw problem(e, Path.of(backup.location()));
        } catch (FileAlreadyExistsException e) {
            throw new Problem(ProblemType.NAME_TAKEN,
                    "datastore '%s': the folder '%s' is being used by another machine; try again".formatted(
                            datastore.name(), folder),
                    e);
        } catch (IOException e) {
            throw new Problem(ProblemType.DATASTORE_FAILED,
                    "datastore '%s': the disks cannot be laid down: %s"
                            .formatted(datastore.name(), e.getMessage()),
                    e);
        } catch (IllegalArgumentException e) {
            throw new Problem(ProblemType.BACKUP_DAMAGED, e.getMessage(), e);
        }
    }

    private Path allowed(@Nullable String location) {
        if (location == null || location.isBlank() || location.length() > 4096) {
            throw new Problem(ProblemType.BACKUP_NOT_FOUND,
                    "backup: must be the absolute path of a file on the server but was empty or too long");
        }
        try {
            var path = Path.of(location);
            // Asked twice: a path that is outside as it stands must not tell whether it is there, and a link must not
            // lead out.
            if (!isAllowed(path.normalize(), folder -> folder)) {
                throw notAllowed(location);
            }
            var real = path.toRealPath();
            if (isOurs(real) || !isAllowed(real, Path::toRealPath)) {
                throw notAllowed(location);
            }
            return real;
        } catch (InvalidPathException e) {
            throw new Problem(ProblemType.BACKUP_NOT_FOUND, "backup: it is not a path: " + e.getReason(), e);
        } catch (IOException e) {
            throw new Problem(ProblemType.BACKUP_NOT_FOUND,
                    "backup %s: there is no such file that the server can read; check path and permissions"
                            .formatted(location),
                    e);
        }
    }

    private boolean isOurs(Path real) throws IOException {
        return real.startsWith(settings.dataDirectory().toRealPath());
    }

    private interface Resolution {
        Path of(Path folder) throws IOException;
    }

    private boolean isAllowed(Path path, Resolution resolution) throws IOException {
        for (var folder : settings.backupFolders()) {
            if (path.startsWith(resolution.of(folder))) {
                return true;
            }
        }
        return false;
    }

    private static Problem notAllowed(String location) {
        return new Problem(ProblemType.BACKUP_NOT_ALLOWED,
                "backup %s: it lies outside of the folders that vmfinalize.backup-directories allows; move it there, or have the folder added"
                        .formatted(location));
    }

    private static Problem problem(IOException e, Path path) {
        return switch (e) {
            case BackupNotFoundException notFound ->
                new Problem(ProblemType.BACKUP_NOT_FOUND, notFound.getMessage(), e);
            case NotAnImageException notAnImage ->
                new Problem(ProblemType.NOT_AN_IMAGE, notAnImage.getMessage(), e);
            case FormatException damaged -> new Problem(ProblemType.BACKUP_DAMAGED, damaged.getMessage(), e);
            default -> new Problem(ProblemType.BACKUP_UNAVAILABLE,
                    "backup %s: it cannot be read now: %s".formatted(path, e.getMessage()), e);
        };
    }

    /// @param reference names exactly this restore point
    record Checked(BackupReference reference, Optional<Instant> takenAt) {}
}
