package org.vmfinalize.datastore;

/// Names a restore point.
///
/// @param location where it is: a path or a URI without credentials
/// @param format the format's name; empty = to be found out
/// @param identity what the restore point must be, see [org.vmfinalize.backup.Backup#identity()]; empty = not known yet
public record BackupReference(String location, String format, String identity) {

    /// A restore point of which only the place is known.
    public static BackupReference at(String location) {
        return new BackupReference(location, "", "");
    }
}
