package org.vmfinalize.places.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.vmfinalize.backup.FormatException;

/// The rule for files that an image refers to: they must lie in the folder of the backup's top image, or in one that the
/// administrator allows.
///
/// An image may come from anywhere and say anything. What it names is taken as a path of this server only if it is not
/// a URI, and only if its real path, with all links followed, is inside such a folder.
///
/// @param folder the real path of the top image's folder
/// @param allowed further folders, absolute; one that is not there allows nothing
/// @param closed folders whose files are refused wherever they lie, such as the server's own
record Containment(Path folder, List<Path> allowed, List<Path> closed) {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
    private static final int MAX_SHOWN = 200;

    /// The real path of the file that `reference` names.
    ///
    /// @param referrer the real path of the image that the reference comes from
    /// @throws FormatException if it leads outside of the folder or is not there
    Path resolve(Path referrer, String reference) throws IOException {
        if (SCHEME.matcher(reference).matches()) {
            throw refused(referrer, reference, "is not a plain file");
        }
        Path path = parse(referrer, reference);
        Path real;
        try {
            real = path.toRealPath();
        } catch (NoSuchFileException e) {
            if (!isAllowed(path.normalize())) {
                throw refused(referrer, reference, "lies outside");
            }
            throw new FormatException(
                    "%s: the file '%s', which the image needs, is missing; put it into the folder %s"
                            .formatted(referrer, shown(reference), folder),
                    e);
        } catch (FileSystemException e) {
            // A loop of links, a file used as a folder, a name that is too long, a folder that may not be entered.
            throw new FormatException(
                    "%s: the file '%s', which the image needs, cannot be found: %s".formatted(referrer,
                            shown(reference), e.getReason()),
                    e);
        }
        if (!isAllowed(real)) {
            throw refused(referrer, reference, "lies outside");
        }
        return real;
    }

    private boolean isAllowed(Path path) throws IOException {
        return (path.startsWith(folder) || isBelow(path, allowed)) && !isBelow(path, closed);
    }

    /// Whether `path` is one of the folders or inside of it, by the folder's name or by where its links lead.
    static boolean isBelow(Path path, List<Path> folders) throws IOException {
        for (var one : folders) {
            if (path.startsWith(one) || (Files.exists(one) && path.startsWith(one.toRealPath()))) {
                return true;
            }
        }
        return false;
    }

    private Path parse(Path referrer, String reference) throws FormatException {
        try {
            return folder.resolve(referrer).resolveSibling(reference);
        } catch (InvalidPathException e) {
            throw new FormatException(
                    "%s: the image refers to '%s', which is not a file's name".formatted(referrer,
                            shown(reference)),
                    e);
        }
    }

    private FormatException refused(Path referrer, String reference, String why) {
        return new FormatException(
                "%s: the image refers to '%s', which %s; everything that a backup needs must be a"
                        .formatted(referrer, shown(reference), why) + " file in the folder " + folder
                        + " or in one of the place's allowed-references");
    }

    /// On one line, without control characters, and not longer than a line should be.
    private static String shown(String reference) {
        String clean = reference.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "…";
    }
}
