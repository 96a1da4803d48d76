package org.vmfinalize.places.remote;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.vmfinalize.backup.FormatException;

/// The rule for files that an image far away refers to: they must lie in the folder of the backup's top image and in its
/// place, or in a folder that the administrator allows. They are named relative to the image that refers, or from the
/// server's root; never by a URI, so that no image leads to another server.
///
/// @param folder  the folder's path: empty, or ending in `/`
/// @param allowed the paths of further folders of the same server or bucket
/// @param place   whether a path lies in the place
record References(String folder, List<String> allowed, Predicate<String> place) {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final int MAX_SHOWN = 200;

    /// Of the top image at `path`.
    static References around(String path, List<String> allowed, Predicate<String> place) {
        return new References(folderOf(path), allowed, place);
    }

    private static String folderOf(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /// The path that `reference` means.
    ///
    /// @param location of the image that the reference comes from, for messages
    /// @param referrer that image's path
    /// @throws FormatException if it leads outside
    String resolve(String location, String referrer, String reference) throws FormatException {
        if (SCHEME.matcher(reference).matches()) {
            throw refused(location, reference, "is not a plain file");
        }
        // Some servers take a backslash for a slash.
        if (reference.isEmpty() || reference.indexOf('\\') >= 0
                || reference.chars().anyMatch(Character::isISOControl)) {
            throw refused(location, reference, "is not a file's name");
        }
        String joined = reference.startsWith("/")
                ? reference.substring(1)
                : folderOf(referrer) + reference;
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
        if (!(isBelow(path, folder) && place.test(path))
                && allowed.stream().noneMatch(one -> isBelow(path, one))) {
            throw refused(location, reference, "lies outside");
        }
        return path;
    }

    private static boolean isBelow(String path, String folder) {
        return path.startsWith(folder) && path.length() > folder.length();
    }

    private static FormatException refused(String location, String reference, String why) {
        return new FormatException(
                "%s: the image refers to '%s', which %s; everything that a backup needs must be a file of its place next to it, or in one of the place's allowed-references"
                        .formatted(location, shown(reference), why));
    }

    private static String shown(String reference) {
        String clean = reference.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "…";
    }
}
