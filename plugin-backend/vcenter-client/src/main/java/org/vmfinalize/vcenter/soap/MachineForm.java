package org.vmfinalize.vcenter.soap;

import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.Machines.ConfigSpec;

/// Turns what a virtual machine shall be into the wire's form.
final class MachineForm {

    private static final int MAX_NAME = 80;
    private static final int CONTROLLER_KEY = -101;
    private static final int FIRST_DISK_KEY = -201;

    /// Unit 7 of a SCSI bus is the controller itself.
    private static final int CONTROLLER_UNIT = 7;

    private MachineForm() {}

    /// The name as the API takes it: a percent sign begins an escape there.
    ///
    /// @throws IllegalArgumentException if it cannot be the name of a virtual machine
    static String escapedName(String name) {
        if (name.isBlank() || name.codePointCount(0, name.length()) > MAX_NAME) {
            throw new IllegalArgumentException(
                    "virtual machine's name: must have 1 to %d characters but had %d"
                            .formatted(MAX_NAME, name.isBlank() ? 0 : name.codePointCount(0, name.length())));
        }
        if (!name.codePoints().allMatch(MachineForm::mayBeInName)) {
            throw new IllegalArgumentException(
                    "virtual machine's name: must not contain control characters; type it without them");
        }
        return name.replace("%", "%25");
    }

    /// XML has no way to write the others.
    private static boolean mayBeInName(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE
                && character != 0xfffe && character != 0xffff;
    }

    static ConfigSpec managedBy(String extensionKey, String type) {
        var info = new Machines.ManagedByInfo();
        info.extensionKey = extensionKey;
        info.type = type;
        var spec = new ConfigSpec();
        spec.managedBy = info;
        return spec;
    }

    /// New devices have negative keys, by which they name each other; vCenter gives them their own.
    static ConfigSpec of(VirtualMachineSpec vm) {
        var spec = vm.managedBy().map(managedBy -> managedBy(managedBy.extensionKey(), managedBy.type()))
                .orElseGet(ConfigSpec::new);
        spec.name = escapedName(vm.name());
        spec.guestId = vm.guestId();
        spec.files = new Machines.FileInfo();
        spec.files.vmPathName = vm.home().toString();
        spec.numCPUs = vm.cpus();
        spec.memoryMB = vm.memoryMiB();
        if (!vm.disks().isEmpty()) {
            spec.deviceChange.add(add(controller()));
        }
        for (int i = 0; i < vm.disks().size(); i++) {
            spec.deviceChange.add(add(disk(vm.disks().get(i), i)));
        }
        return spec;
    }

    /// Without a file operation: the disk's files are there already.
    private static Machines.DeviceChange add(Machines.Device device) {
        var change = new Machines.DeviceChange();
        change.operation = "add";
        change.device = device;
        return change;
    }

    private static Machines.Device controller() {
        var controller = new Machines.ParaVirtualScsiController();
        controller.key = CONTROLLER_KEY;
        controller.busNumber = 0;
        controller.sharedBus = "noSharing";
        return controller;
    }

    private static Machines.Device disk(VirtualMachineSpec.ExistingDisk existing, int index) {
        var backing = new Machines.FlatBacking();
        backing.fileName = existing.descriptor().toString();
        backing.diskMode = "persistent";
        var disk = new Machines.Disk();
        disk.key = FIRST_DISK_KEY - index;
        disk.backing = backing;
        disk.controllerKey = CONTROLLER_KEY;
        disk.unitNumber = index < CONTROLLER_UNIT ? index : index + 1;
        disk.capacityInKB = existing.capacityBytes() / 1024;
        disk.capacityInBytes = existing.capacityBytes();
        return disk;
    }
}
