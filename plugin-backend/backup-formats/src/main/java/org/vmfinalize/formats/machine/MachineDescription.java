package org.vmfinalize.formats.machine;

import java.time.Instant;
import java.util.Optional;
import org.vmfinalize.backup.Hardware;

/// What a description tells besides its disks.
///
/// @param hardware empty if it tells too little to make a machine from
/// @param takenAt when the restore point was taken
public record MachineDescription(Optional<Hardware> hardware, Optional<Instant> takenAt) {}
