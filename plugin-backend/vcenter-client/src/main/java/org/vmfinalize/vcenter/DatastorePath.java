package org.vmfinalize.vcenter;

/// A place on a datastore, written `[datastore] folder/file`.
///
/// @param datastore the datastore's name
/// @param path      relative to the datastore's root; empty for the root
public record DatastorePath(String datastore, String path) {

    public DatastorePath {
        if (datastore.isEmpty() || datastore.indexOf(']') >= 0 || hasControlCharacter(datastore)
                || hasControlCharacter(path)) {
            throw new IllegalArgumentException(
                    "datastore path: the datastore's name must not be empty nor contain ']', and nothing may contain a"
                            + " control character, but it was '[%s] %s'".formatted(datastore, path));
        }
    }

    /// Reads `[datastore] path`.
    ///
    /// @throws IllegalArgumentException if `text` has another form
    public static DatastorePath parse(String text) {
        int end = text.indexOf(']');
        if (!text.startsWith("[") || end < 0) {
            throw new IllegalArgumentException(
                    "datastore path: must have the form '[datastore] path' but was '%s'"
                            .formatted(text));
        }
        return new DatastorePath(text.substring(1, end), text.substring(end + 1).strip());
    }

    /// The text form that vSphere uses.
    @Override
    public String toString() {
        return path.isEmpty() ? "[" + datastore + "]" : "[" + datastore + "] " + path;
    }

    private static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
