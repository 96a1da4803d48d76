package org.vmfinalize.disk;

import java.time.Duration;

/// A place of a backup that cannot be read at the moment.
///
/// @param disk the live disk that needs it
/// @param location where the backup is
/// @param position the byte at which it is read
/// @param since for how long
/// @param attempts how often it was tried in vain; 0 while the first attempt is not answered
/// @param reason why the last attempt failed
public record BackupTrouble(String disk, String location, long position, Duration since, long attempts,
        String reason) {

    /// All of it in one sentence, for people.
    public String text() {
        return attempts == 0
                ? "disk %s: backup %s: the read at byte %d was not answered for %d s; bring it back"
                        .formatted(disk,
                                location, position, since.toSeconds())
                : "disk %s: backup %s: must be readable at byte %d but was not, in %d attempts over %d s (%s); bring it back"
                        .formatted(disk, location, position, attempts, since.toSeconds(), reason);
    }
}
