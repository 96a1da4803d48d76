package org.vmfinalize.server.backup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Hardware;

/// A restore point as it was found in a place.
///
/// @param id stays the same as long as the backup stays where it is
/// @param place the name of the place
/// @param vmName what the backup calls the machine, else the file's name without its suffix
/// @param takenAt when it was taken, as the backup tells, else when its file was changed last, if the place tells that
/// @param files all that it consists of
record RestorePoint(String id, String place, String location, String vmName, Optional<Instant> takenAt,
        String format, String identity, List<Disk> disks, Optional<Hardware> hardware,
        List<String> files) {

    private static final int ID_BYTES = 8;

    RestorePoint {
        disks = List.copyOf(disks);
        files = List.copyOf(files);
    }

    record Disk(String name, long sizeBytes) {}

    static String id(String location) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(location.getBytes(StandardCharsets.UTF_8));
            return "b-" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
