package org.vmfinalize.server.backup;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.places.Listing;

/// Opens a file of a place to see whether it is a restore point.
final class Inspection {

    private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

    /// Any file could be a raw image, so only those are taken for one that are called so.
    private static final Pattern RAW = Pattern.compile(".*\\.(raw|img)", Pattern.CASE_INSENSITIVE);
    /// Files that are being written, and what lies beside images.
    private static final Pattern NO_BACKUP = Pattern.compile(
            "(.*/)?\\..*|.*\\.(new|part|tmp|log|txt|md|md5|sha1|sha256|mf|cert|nvram|vmx|vmxf|vmsd|iso)",
            Pattern.CASE_INSENSITIVE);

    private final BackupOpener backups;

    Inspection(BackupOpener backups) {
        this.backups = backups;
    }

    static boolean mayBeBackup(Listing.Item file) {
        return !NO_BACKUP.matcher(file.name()).matches() && file.size().orElse(1) > 0;
    }

    /// Empty if it is none, or none that can be read.
    Optional<RestorePoint> of(String place, Listing.Item file) {
        try (var backup = backups.open(BackupReference.at(file.location()))) {
            return backup.format().equals("raw") && !RAW.matcher(file.name()).matches()
                    ? Optional.empty()
                    : Optional.of(restorePoint(place, file, backup));
        } catch (NotAnImageException e) {
            LOG.debug("{}: no restore point", file.location(), e);
        } catch (IOException | RuntimeException e) {
            LOG.info("{}: it is not listed as a restore point: {}", file.location(), e.getMessage());
        }
        return Optional.empty();
    }

    private static RestorePoint restorePoint(String place, Listing.Item file, Backup backup) {
        var hardware = backup.hardware();
        var disks = backup.disks().stream().map(disk -> new RestorePoint.Disk(disk.name(), disk.size()))
                .toList();
        return new RestorePoint(RestorePoint.id(file.location()), place, file.location(),
                hardware.map(Hardware::name).orElseGet(() -> baseName(file.name())),
                backup.takenAt().or(file::changed), backup.format(), backup.identity(), disks, hardware,
                backup.files());
    }

    private static String baseName(String name) {
        var last = name.substring(name.lastIndexOf('/') + 1);
        int dot = last.lastIndexOf('.');
        return dot > 0 && last.length() - dot <= 6 && last.substring(dot).toLowerCase(Locale.ROOT)
                .matches("\\.[a-z0-9]+") ? last.substring(0, dot) : last;
    }
}
