package org.vmfinalize.vcenter.soap;

import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.Network;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualHardware.Controller;
import org.vmfinalize.vcenter.VirtualHardware.ControllerType;
import org.vmfinalize.vcenter.VirtualHardware.ExistingDisk;
import org.vmfinalize.vcenter.VirtualHardware.Firmware;
import org.vmfinalize.vcenter.VirtualHardware.NetworkCard;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;

/// Turns hardware into the wire's form.
///
/// New devices have negative keys, by which they name each other; vCenter gives them their own.
final class HardwareForm {

    private static final int FIRST_CONTROLLER_KEY = -101;
    private static final int FIRST_DISK_KEY = -201;
    private static final int FIRST_CARD_KEY = -301;

    /// The keys of the two IDE controllers that every machine has.
    private static final int IDE_KEY = 200;

    private HardwareForm() {}

    static void fill(Machines.ConfigSpec spec, VirtualHardware hardware) {
        spec.version = hardware.version().orElse(null);
        spec.uuid = hardware.uuid().orElse(null);
        spec.instanceUuid = hardware.instanceUuid().orElse(null);
        spec.guestId = hardware.guestId();
        spec.numCPUs = hardware.cpus();
        spec.numCoresPerSocket = hardware.coresPerSocket() == 1 ? null : hardware.coresPerSocket();
        spec.memoryMB = hardware.memoryMiB();
        if (hardware.firmware() == Firmware.EFI) {
            spec.firmware = "efi";
            if (hardware.secureBoot()) {
                spec.bootOptions = new Machines.BootOptions();
                spec.bootOptions.efiSecureBootEnabled = true;
            }
        }
        for (int i = 0; i < hardware.controllers().size(); i++) {
            var controller = hardware.controllers().get(i);
            if (controller.type() != ControllerType.IDE) {
                spec.deviceChange.add(add(controller(controller, FIRST_CONTROLLER_KEY - i)));
            }
        }
        for (int i = 0; i < hardware.disks().size(); i++) {
            var existing = hardware.disks().get(i);
            var change = add(disk(hardware, existing, FIRST_DISK_KEY - i));
            // A child disk is a file that is still to be made.
            change.fileOperation = existing.changes().isPresent() ? "create" : null;
            spec.deviceChange.add(change);
        }
        for (int i = 0; i < hardware.cards().size(); i++) {
            spec.deviceChange.add(add(card(hardware.cards().get(i), FIRST_CARD_KEY - i)));
        }
    }

    /// Without a file operation: a disk's files are there already.
    private static Machines.DeviceChange add(Machines.Device device) {
        var change = new Machines.DeviceChange();
        change.operation = "add";
        change.device = device;
        return change;
    }

    private static Machines.Controller controller(Controller controller, int key) {
        var device = switch (controller.type()) {
            case PARAVIRTUAL_SCSI -> scsi(new Machines.ParaVirtualScsiController());
            case LSI_LOGIC -> scsi(new Machines.LsiLogicController());
            case LSI_LOGIC_SAS -> scsi(new Machines.LsiLogicSasController());
            case BUS_LOGIC -> scsi(new Machines.BusLogicController());
            case SATA -> new Machines.AhciController();
            case NVME -> new Machines.NvmeController();
            case IDE -> throw new IllegalArgumentException("IDE controllers are there already");
        };
        device.key = key;
        device.busNumber = controller.bus();
        return device;
    }

    private static Machines.ScsiController scsi(Machines.ScsiController controller) {
        controller.sharedBus = "noSharing";
        return controller;
    }

    private static Machines.Device disk(VirtualHardware hardware, ExistingDisk existing, int key) {
        var controller = hardware.controllers().get(existing.controller());
        var backing = backing(existing.descriptor());
        if (existing.changes().isPresent()) {
            var parent = backing;
            // vCenter chooses the child's name, in the machine's folder.
            backing = backing(new DatastorePath(existing.changes().get(), ""));
            backing.parent = parent;
        }
        var disk = new Machines.Disk();
        disk.key = key;
        disk.backing = backing;
        disk.controllerKey = controller.type() == ControllerType.IDE
                ? IDE_KEY + controller.bus()
                : FIRST_CONTROLLER_KEY - existing.controller();
        disk.unitNumber = existing.unit();
        disk.capacityInKB = existing.capacityBytes() / 1024;
        disk.capacityInBytes = existing.capacityBytes();
        return disk;
    }

    private static Machines.FlatBacking backing(DatastorePath file) {
        var backing = new Machines.FlatBacking();
        backing.fileName = file.toString();
        backing.diskMode = "persistent";
        backing.thinProvisioned = true;
        return backing;
    }

    private static Machines.Device card(NetworkCard card, int key) {
        var device = switch (card.type()) {
            case VMXNET3 -> new Machines.Vmxnet3();
            case VMXNET2 -> new Machines.Vmxnet2();
            case E1000 -> new Machines.E1000();
            case E1000E -> new Machines.E1000e();
            case PCNET32 -> new Machines.PcNet32();
        };
        device.key = key;
        device.backing = backing(card.network());
        device.connectable = new Machines.ConnectInfo();
        device.connectable.startConnected = card.connected();
        device.connectable.allowGuestControl = true;
        device.connectable.connected = false;
        device.addressType = card.mac().isPresent() ? "manual" : "generated";
        device.macAddress = card.mac().orElse(null);
        return device;
    }

    private static Machines.Backing backing(Network network) {
        if (network.portgroup().isPresent()) {
            var port = new Machines.PortConnection();
            port.switchUuid = network.portgroup().get().switchUuid();
            port.portgroupKey = network.portgroup().get().key();
            var backing = new Machines.PortBacking();
            backing.port = port;
            return backing;
        }
        var backing = new Machines.NetworkBacking();
        backing.deviceName = network.name();
        backing.network = ManagedObjectReference.of(network.ref());
        return backing;
    }
}
