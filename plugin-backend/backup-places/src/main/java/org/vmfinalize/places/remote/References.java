package org.vmfinalize.places.remote;

import java.util.ArrayDeque;
import java.util.regex.Pattern;
import org.vmfinalize.backup.FormatException;

/// The rule for files that an image far away refers to: they must lie in the folder of the backup's top image, and are
/// named relative to the image that refers.
///
/// @param folder the folder's path: empty, or ending in `/`
record References(String folder) {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final int MAX_SHOWN = 200;

    /// The folder of a file.
    static References around(String path) {
        return new References(path.substring(0, path.lastIndexOf('/') + 1));
    }

    /// The path that `reference` means.
    ///
    /// @param location of the image that the reference comes from, for messages
    /// @param referrer that image's path
    /// @throws FormatException if it leads outside of the folder
    String resolve(String location, String referrer, String reference) throws FormatException {
        if (SCHEME.matcher(reference).matches()) {
            throw refused(location, reference, "is not a plain file");
        }
        if (reference.isEmpty() || reference.chars().anyMatch(Character::isISOControl)) {
            throw refused(location, reference, "is not a file's name");
        }
        String joined = reference.startsWith("/")
                ? reference.substring(1)
                : around(referrer).folder() + reference;
        var segments = new ArrayDeque<String>();
        for (var segment : joined.split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    throw refused(location, reference, "lies outside");
                }
            } else if (!segment.equals(".") && !segment.isEmpty()) {
                segments.add(segment);
            }
        }
        String path = String.join("/", segments);
        if (!path.startsWith(folder) || path.length() == folder.length()) {
            throw refused(location, reference, "lies outside");
        }
        return path;
    }

    private static FormatException refused(String location, String reference, String why) {
        return new FormatException(
                "%s: the image refers to '%s', which %s; everything that a backup needs must be a file next to it"
                        .formatted(location, shown(reference), why));
    }

    private static String shown(String reference) {
        String clean = reference.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "…";
    }
}
