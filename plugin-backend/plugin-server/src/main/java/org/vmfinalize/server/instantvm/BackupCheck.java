package org.vmfinalize.server.instantvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.datastore.OtherBackupException;
import org.vmfinalize.disk.NoSpaceException;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.Places;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Whether a backup may be used and can be read.
@Component
class BackupCheck {

    private static final int MOST_EXTENTS = 200_000;

    private final BackupOpener backups;
    private final Places places;
    private final RestorePointIds ids;

    BackupCheck(BackupOpener backups, Places places, RestorePointIds ids) {
        this.backups = backups;
        this.places = places;
        this.ids = ids;
    }

    /// Opens the backup, looks and closes it again.
    ///
    /// @param wanted its location, or its id in the list of restore points
    /// @throws Problem that says what is wrong with it
    Checked open(@Nullable String wanted) {
        var asked = wanted == null ? "" : ids.location(wanted).orElse(wanted);
        try {
            var canonical = places.canonical(asked);
            try (var backup = backups.open(BackupReference.at(canonical))) {
                return new Checked(new BackupReference(canonical, backup.format(), backup.identity()),
                        backup.takenAt(), backup.hardware(),
                        backup.disks().stream().map(BackupDisk::name).toList());
            }
        } catch (IOException e) {
            throw problem(e, Credentials.hidden(asked));
        }
    }

    /// How large the disks are and how much of them the backup holds. Reads no data.
    ///
    /// @throws Problem that says what is wrong with it
    List<Plan.Disk> disks(BackupReference reference) {
        try (var backup = backups.open(reference)) {
            var found = new ArrayList<Plan.Disk>();
            for (var disk : backup.disks()) {
                Long data = dataBytes(disk);
                found.add(new Plan.Disk(disk.name(), disk.size(), data, data));
            }
            return found;
        } catch (UncheckedIOException e) {
            throw problem(new IOException(e.getMessage(), e), reference.location());
        } catch (IOException e) {
            throw problem(e, reference.location());
        }
    }

    /// Null if the format cannot tell, or has more extents than can be counted while somebody waits.
    private static @Nullable Long dataBytes(BackupDisk disk) throws IOException {
        var extents = disk.extents(ByteRange.of(0, disk.size()));
        long bytes = 0;
        for (int i = 0; extents.hasNext(); i++) {
            var extent = extents.next();
            if (i == MOST_EXTENTS || extent.kind() == Extent.Kind.UNKNOWN) {
                return null;
            }
            if (extent.kind() == Extent.Kind.DATA) {
                bytes += extent.range().length();
            }
        }
        return bytes;
    }

    /// Names a second copy of the restore point that a machine runs from.
    ///
    /// @throws Problem that says why it cannot be one
    void nameSecondCopy(InstantDisks disks, @Nullable String location) {
        var copy = open(location).reference().location();
        try {
            disks.nameSecondCopy(copy);
        } catch (IOException e) {
            throw problem(e, Credentials.hidden(copy));
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
            throw problem(e, backup.location());
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

    private static Problem problem(IOException e, String location) {
        return switch (e) {
            case OutsidePlacesException outside ->
                new Problem(ProblemType.BACKUP_NOT_ALLOWED, outside.getMessage(), e);
            case OtherBackupException other ->
                new Problem(ProblemType.BACKUP_MISMATCH, other.getMessage(), e);
            case BackupNotFoundException notFound ->
                new Problem(ProblemType.BACKUP_NOT_FOUND, notFound.getMessage(), e);
            case NotAnImageException notAnImage ->
                new Problem(ProblemType.NOT_AN_IMAGE, notAnImage.getMessage(), e);
            case FormatException damaged -> new Problem(ProblemType.BACKUP_DAMAGED, damaged.getMessage(), e);
            default -> new Problem(ProblemType.BACKUP_UNAVAILABLE,
                    "backup %s: it cannot be read now: %s".formatted(location, e.getMessage()), e);
        };
    }

    /// @param reference names exactly this restore point
    /// @param hardware the machine that it is of, if it tells
    /// @param diskNames what it calls its disks, in their order
    record Checked(BackupReference reference, Optional<Instant> takenAt, Optional<Hardware> hardware,
            List<String> diskNames) {}
}
