package org.vmfinalize.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.vmfinalize.lab.linux.BackupImages;

/// What one run of the lab is to show.
///
/// @param backup the user's image, raw or the top of a qcow2 chain; empty to make one
/// @param datastore where the finished disk is left; empty for a temporary folder
/// @param sizeBytes of the disk of a backup that is made
/// @param bytesPerSecond that may be copied; empty to choose
/// @param images of which a backup with a file system is made
/// @param seed decides the content of that backup and what the guest does
/// @param guest who uses the disk
/// @param vm the machine's name while it runs from the backup
/// @param newName its name afterwards
/// @param provisioning as the REST API names it
/// @param port of the vSphere Client's page; 0 for any free one
/// @param report where to write the report as JSON
/// @param interruption what happens to the plugin server half-way
/// @param longestGap for how long a booted guest may be without its disk in a planned restart
/// @param verify whether the product is asked to verify the disk itself
/// @param exit whether to end after the report
record LabPlan(Optional<Path> backup, Optional<Path> datastore, long sizeBytes, Optional<Long> bytesPerSecond,
        BackupImages images, long seed, GuestKind guest, String vm,
        String newName, String provisioning, int port, Optional<Path> report, Interruption interruption,
        Duration longestGap,
        boolean verify,
        boolean exit) {

    /// Who uses the disk.
    enum GuestKind {
        /// A guest in this process, which knows every byte that it must read.
        WORKLOAD,
        /// A Linux that QEMU boots.
        QEMU,
        /// Nobody.
        NONE
    }
}
