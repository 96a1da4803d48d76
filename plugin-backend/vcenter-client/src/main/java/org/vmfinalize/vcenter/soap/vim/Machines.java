package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Virtual machines and their devices.
public final class Machines {

    private Machines() {}

    @XmlType(name = "VirtualMachineConfigSpec", propOrder = {"name", "guestId", "files", "numCPUs",
            "memoryMB",
            "deviceChange", "managedBy"})
    public static class ConfigSpec {
        public @Nullable String name;
        public @Nullable String guestId;
        public @Nullable FileInfo files;
        public @Nullable Integer numCPUs;
        public @Nullable Long memoryMB;
        public List<DeviceChange> deviceChange = new ArrayList<>();
        public @Nullable ManagedByInfo managedBy;
    }

    @XmlType(name = "VirtualMachineFileInfo", propOrder = {"vmPathName"})
    public static class FileInfo {
        public @Nullable String vmPathName;
    }

    @XmlType(name = "ManagedByInfo", propOrder = {"extensionKey", "type"})
    public static class ManagedByInfo {
        public @Nullable String extensionKey;
        public @Nullable String type;
    }

    @XmlType(name = "VirtualDeviceConfigSpec", propOrder = {"operation", "device"})
    public static class DeviceChange {
        public @Nullable String operation;
        public @Nullable Device device;
    }

    @XmlType(name = "VirtualDevice", propOrder = {"key", "deviceInfo", "backing", "controllerKey",
            "unitNumber"})
    public static class Device {
        public @Nullable Integer key;
        public @Nullable Description deviceInfo;
        public @Nullable Backing backing;
        public @Nullable Integer controllerKey;
        public @Nullable Integer unitNumber;
    }

    @XmlType(name = "VirtualDisk", propOrder = {"capacityInKB", "capacityInBytes"})
    public static class Disk extends Device {
        public @Nullable Long capacityInKB;
        public @Nullable Long capacityInBytes;
    }

    @XmlType(name = "VirtualController", propOrder = {"busNumber"})
    public static class Controller extends Device {
        public @Nullable Integer busNumber;
    }

    @XmlType(name = "VirtualSCSIController", propOrder = {"sharedBus"})
    public static class ScsiController extends Controller {
        public @Nullable String sharedBus;
    }

    @XmlType(name = "ParaVirtualSCSIController")
    public static class ParaVirtualScsiController extends ScsiController {}

    @XmlType(name = "VirtualDeviceBackingInfo")
    public static class Backing {}

    @XmlType(name = "VirtualDeviceFileBackingInfo", propOrder = {"fileName"})
    public static class FileBacking extends Backing {
        public @Nullable String fileName;
    }

    @XmlType(name = "VirtualDiskFlatVer2BackingInfo", propOrder = {"diskMode"})
    public static class FlatBacking extends FileBacking {
        public @Nullable String diskMode;
    }

    @XmlType(name = "VirtualDiskSeSparseBackingInfo")
    public static class SeSparseBacking extends FileBacking {}

    @XmlType(name = "VirtualDiskSparseVer2BackingInfo")
    public static class SparseBacking extends FileBacking {}

    @XmlType(name = "VirtualDiskRawDiskMappingVer1BackingInfo")
    public static class RawDeviceBacking extends FileBacking {}

    @XmlType(name = "ArrayOfVirtualDevice", propOrder = {"items"})
    public static class ArrayOfDevices {
        @XmlElement(name = "VirtualDevice")
        public List<Device> items = new ArrayList<>();
    }
}
