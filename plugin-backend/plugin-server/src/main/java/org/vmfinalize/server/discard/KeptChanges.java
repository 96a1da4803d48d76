package org.vmfinalize.server.discard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.overlay.Overlay;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Writes what a guest changed into overlays on its backup.
@Component
class KeptChanges {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N} ()+,=@_.-]{0,99}");
    private static final int MAX_PARTS = 8;
    private static final String SUFFIX = ".qcow2";

    private final ChangesSettings settings;

    KeptChanges(ChangesSettings settings) {
        this.settings = settings;
    }

    /// Looks whether the changes can be kept there, before anything is done.
    ///
    /// @param keepChanges relative to the folder for changes, with or without `.qcow2`
    /// @return the same, without `.qcow2`
    /// @throws Problem CHANGES_NOT_KEPT that says why not
    String checked(String keepChanges, InstantDisks disks) {
        var name = withoutSuffix(keepChanges);
        var parts = name.split("/", -1);
        if (parts.length > MAX_PARTS) {
            throw refused("must have at most %d parts but has %d".formatted(MAX_PARTS, parts.length));
        }
        for (var part : parts) {
            if (!NAME.matcher(part).matches()) {
                throw refused(
                        "must be a relative path of letters, digits, blanks and ()+,=@_.- such as web-01/2026-11-25, whose parts begin with a letter, a digit or _, but is something else");
            }
        }
        if (!disks.backupOpen()) {
            throw new Problem(ProblemType.BACKUP_UNAVAILABLE,
                    "backup %s: it cannot be read now, and without it the changes cannot be told from it; bring it back and try again"
                            .formatted(disks.backup().location()));
        }
        for (int i = 0; i < disks.disks().size(); i++) {
            try {
                var _ = BackingFiles.of(disks.disks().get(i));
            } catch (IOException e) {
                throw new Problem(ProblemType.BACKUP_UNAVAILABLE, e.getMessage(), e);
            }
            var target = target(name, i, disks);
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw refused("must be free but %s is there; choose another name".formatted(target));
            }
        }
        return name;
    }

    static String withoutSuffix(String keepChanges) {
        return keepChanges.endsWith(SUFFIX)
                ? keepChanges.substring(0, keepChanges.length() - SUFFIX.length())
                : keepChanges;
    }

    /// Writes the overlays, one for each disk, anew if they are there already.
    ///
    /// @param name as [#checked] gave it
    /// @return their paths, in the order of the disks
    List<String> write(String name, InstantDisks disks) {
        var files = new ArrayList<String>();
        for (var disk : disks.disks()) {
            var target = target(name, files.size(), disks);
            try {
                makeFolderOf(target);
                disk.flush();
                var _ = Overlay.write(disk, BackingFiles.of(disk), target);
                files.add(target.toString());
            } catch (FormatException e) {
                throw new Problem(ProblemType.BACKUP_DAMAGED, e.getMessage(), e);
            } catch (IOException e) {
                throw new Problem(ProblemType.CHANGES_NOT_KEPT,
                        "changes of disk %s: they cannot be written to %s: %s; see to it and the server goes on, or withdraw the discard; nothing is deleted before"
                                .formatted(disk.name(), target, e.getMessage()),
                        e);
            }
        }
        return files;
    }

    private void makeFolderOf(Path target) throws IOException {
        var parent = target.resolve("..").normalize();
        Files.createDirectories(parent);
        // A link may lead out of the folder.
        if (!parent.toRealPath().startsWith(folder().toRealPath())) {
            throw new IOException("it leads out of " + folder());
        }
    }

    /// `NAME.qcow2`; `NAME-1.qcow2` and so on for the disks of a machine that has several.
    private Path target(String name, int disk, InstantDisks disks) {
        return folder().resolve(disks.disks().size() == 1 ? name + SUFFIX : name + "-" + (disk + 1) + SUFFIX);
    }

    private Path folder() {
        var folder = settings.changesDirectory();
        if (folder == null) {
            throw new Problem(ProblemType.CHANGES_NOT_KEPT,
                    "changes: there is no folder to keep them in; set vmfinalize.changes-directory, or discard without keeping them");
        }
        return folder;
    }

    private static Problem refused(String why) {
        return new Problem(ProblemType.CHANGES_NOT_KEPT, "keepChanges: " + why);
    }
}
