package org.vmfinalize.backup;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The virtual machine that a backup is of, in vSphere's terms: what is needed to make one like it.
///
/// A description comes out of a backup, so it is no more to be trusted than the disks: its texts may be anything that
/// fits their length, and its numbers may be more than any host has.
///
/// @param name what the machine was called; 1 to 255 characters, none of them a control character
/// @param uuids what the guest and vCenter may know it by
/// @param guestId vSphere's identifier of the guest's operating system, such as `ubuntu64Guest`, if it is known
/// @param firmware what starts the guest
/// @param processors how many the guest sees
/// @param memoryBytes a multiple of 1 MiB, greater than 0
/// @param controllers those that disks hang on, at most one of the same type and bus
/// @param disks where the backup's disks hang; at most one entry for each disk and for each address
/// @param networkAdapters in the order in which the guest has them
/// @param remarks what the original machine had and this description lacks, each a sentence for people
public record Hardware(String name, Uuids uuids, Optional<String> guestId, Firmware firmware,
        Processors processors, long memoryBytes, List<DiskController> controllers, List<DiskAddress> disks,
        List<NetworkAdapter> networkAdapters, List<String> remarks) {

    private static final int MAX_NAME = 255;
    private static final long MEBIBYTE = 1 << 20;

    public Hardware {
        if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a machine's name must be 1 to %d characters without control characters but was '%s'"
                            .formatted(MAX_NAME, name.replaceAll("\\p{Cntrl}", "?")));
        }
        if (memoryBytes <= 0 || memoryBytes % MEBIBYTE != 0) {
            throw new IllegalArgumentException(
                    "a machine's memory must be a multiple of 1 MiB above 0 but was %d bytes"
                            .formatted(memoryBytes));
        }
        controllers = List.copyOf(controllers);
        disks = List.copyOf(disks);
        networkAdapters = List.copyOf(networkAdapters);
        remarks = List.copyOf(remarks);
        checkAddresses(controllers, disks);
    }

    private static void checkAddresses(List<DiskController> controllers, List<DiskAddress> disks) {
        for (var disk : disks) {
            if (!controllers.contains(disk.controller())) {
                throw new IllegalArgumentException(
                        "%s: must hang on a controller that the machine has but was on %s"
                                .formatted(disk.disk(), disk.controller()));
            }
        }
        checkDistinct("controllers", controllers);
        checkDistinct("disks", disks.stream().map(DiskAddress::disk).toList());
        checkDistinct("addresses of disks", disks.stream().map(DiskAddress::place).toList());
    }

    private static void checkDistinct(String what, List<?> all) {
        if (all.stream().distinct().count() != all.size()) {
            throw new IllegalArgumentException("the %s must differ but were %s".formatted(what, all));
        }
    }

    /// Identifiers of a machine.
    ///
    /// @param bios the one that the guest sees in its firmware
    /// @param instance the one that is unique in a vCenter
    public record Uuids(Optional<UUID> bios, Optional<UUID> instance) {
        public static final Uuids UNKNOWN = new Uuids(Optional.empty(), Optional.empty());
    }

    /// What starts a guest.
    public enum Firmware {
        BIOS, EFI,
        /// EFI that starts only what is signed.
        EFI_SECURE_BOOT
    }

    /// Virtual processors.
    ///
    /// @param count how many there are, at least 1
    /// @param coresPerSocket at least 1; divides `count`
    public record Processors(int count, int coresPerSocket) {

        public Processors {
            if (count < 1 || coresPerSocket < 1 || count % coresPerSocket != 0) {
                throw new IllegalArgumentException(
                        "processors must be a multiple of the cores per socket and at least 1 but were %d and %d"
                                .formatted(count, coresPerSocket));
            }
        }
    }
}
