package org.vmfinalize.server.instantvm;

import java.nio.file.Path;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDisk;

/// Where vSphere finds a live disk.
public final class DiskFiles {

    private DiskFiles() {}

    /// The file with the bytes that a descriptor stands for.
    public static Path flat(Datastore datastore, String descriptor) {
        return datastore.directory().resolve(descriptor.replaceFirst("\\.vmdk$", "-flat.vmdk"));
    }

    /// The disk's descriptor from the datastore's root, such as `db1/disk-0.vmdk`.
    public static String descriptor(Datastore datastore, LiveDisk disk) {
        var flat = datastore.directory().relativize(disk.flatFile()).toString();
        return flat.replaceFirst("-flat\\.vmdk$", ".vmdk");
    }
}
