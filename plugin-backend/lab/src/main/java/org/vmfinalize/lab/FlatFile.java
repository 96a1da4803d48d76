package org.vmfinalize.lab;

import java.nio.file.Path;

/// The file with a disk's content.
///
/// @param inDatastore its path below the export, such as `web-01/disk-0-flat.vmdk`
/// @param path where it lies on this machine
record FlatFile(String inDatastore, Path path) {

    /// @param file as the REST API names it, the descriptor or the flat file, with or without the datastore's name
    static FlatFile of(Path datastoreDirectory, String file) {
        var relative = file.replaceFirst("^\\[[^\\]]*\\]\\s*", "");
        var flat = relative.endsWith("-flat.vmdk")
                ? relative
                : relative.replaceFirst("\\.vmdk$", "-flat.vmdk");
        return new FlatFile(flat, datastoreDirectory.resolve(flat));
    }
}
