package org.vmfinalize.server.instantvm;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.BackupTrouble;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.vcenter.MachineState;
import org.vmfinalize.vcenter.VirtualMachine;

/// An instant VM as the API shows it.
///
/// @param powerState in vSphere's words; null if somebody took the machine out of vCenter's inventory
/// @param datastore where its changes are
/// @param servedFrom the datastore of this server that serves its disks; the same, unless the changes are elsewhere
/// @param finalization the id of the job that finalizes it now, if one does
/// @param discarding whether it is being thrown away
/// @param guestWrittenBytes what the guest has written since it was started, in whole blocks; what it wrote a second time,
///        or after it was copied from the backup, does not count again
/// @param guest only where one machine is asked for: for many, vCenter would have to be asked too much
/// @param warnings what people should know of its start, told once, in the answer to it; or that it is not in vCenter's inventory
record InstantVmView(String id, String name, @Nullable String powerState, Backup backup, String datastore,
        String servedFrom,
        List<Disk> disks,
        @Nullable String finalization, boolean discarding, long guestWrittenBytes,
        List<String> warnings, @Nullable Guest guest) {

    /// What VMware Tools tell; what they do not is null.
    ///
    /// @param ipAddress the guest's first address
    /// @param toolsStatus vSphere's word, such as `guestToolsRunning`
    record Guest(@Nullable String ipAddress, @Nullable String hostName, @Nullable String toolsStatus) {}

    /// @param open whether the server has it, or its second copy, open now
    /// @param secondCopy another copy of it, if one was named
    /// @param trouble why it cannot be read now; null if it can, as far as was seen
    record Backup(String location, String format, String identity, @Nullable Instant takenAt, boolean open,
            @Nullable SecondCopy secondCopy, @Nullable String trouble) {}

    /// @param inUse whether the disks are read from it now, and not from the first
    /// @param trouble why it could not be used when it was tried last
    record SecondCopy(String location, boolean inUse, @Nullable String trouble) {}

    /// @param file the disk's descriptor, from the datastore's root
    record Disk(String name, String file, long sizeBytes, long localBytes, long toDoBytes) {}

    static InstantVmView of(InstantVm vm, @Nullable VirtualMachine seen, Datastore datastore,
            InstantDisks disks,
            @Nullable String finalization, boolean discarding) {
        var backup = disks.backup();
        return new InstantVmView(vm.vmId(), seen == null ? vm.name() : seen.name(),
                seen == null ? null : powerState(seen),
                new Backup(backup.location(), backup.format(), backup.identity(), vm.takenAt(),
                        disks.backupOpen(), disks.secondCopy().map(InstantVmView::secondCopy).orElse(null),
                        BackupWatch.trouble(disks.disks()).map(BackupTrouble::text).orElse(null)),
                vm.changes() == null ? vm.datastore() : vm.changes().name(), vm.datastore(),
                disks.disks().stream().map(disk -> disk(datastore, disk)).toList(),
                finalization, discarding,
                disks.disks().stream().mapToLong(disk -> disk.counters().guestWrittenBytes()).sum(),
                List.of(), null);
    }

    InstantVmView with(MachineState.Guest seen) {
        return new InstantVmView(id, name, powerState, backup, datastore, servedFrom, disks, finalization,
                discarding,
                guestWrittenBytes, warnings, new Guest(seen.ipAddress().orElse(null),
                        seen.hostName().orElse(null), seen.toolsStatus().orElse(null)));
    }

    InstantVmView with(List<String> newWarnings) {
        return new InstantVmView(id, name, powerState, backup, datastore, servedFrom, disks, finalization,
                discarding,
                guestWrittenBytes, newWarnings, guest);
    }

    private static SecondCopy secondCopy(InstantDisks.SecondCopyState copy) {
        return new SecondCopy(Credentials.hidden(copy.location()), copy.inUse(), copy.trouble().orElse(null));
    }

    /// As vSphere writes it, such as `poweredOn`.
    static String powerState(VirtualMachine vm) {
        return switch (vm.powerState()) {
            case POWERED_ON -> "poweredOn";
            case POWERED_OFF -> "poweredOff";
            case SUSPENDED -> "suspended";
            case UNKNOWN -> vm.powerState().name().toLowerCase(Locale.ROOT);
        };
    }

    private static Disk disk(Datastore datastore, LiveDisk disk) {
        var counters = disk.counters();
        return new Disk(disk.name(), DiskFiles.descriptor(datastore, disk), counters.sizeBytes(),
                counters.localBytes(), counters.toDoBytes());
    }
}
