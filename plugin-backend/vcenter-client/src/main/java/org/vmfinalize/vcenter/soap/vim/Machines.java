package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.soap.vim.Tasks.LocalizedMethodFault;

/// Virtual machines and their devices.
public final class Machines {

    private Machines() {}

    @XmlType(name = "VirtualMachineConfigSpec", propOrder = {"name", "version", "uuid", "instanceUuid",
            "guestId", "files", "numCPUs", "numCoresPerSocket", "memoryMB", "deviceChange", "extraConfig",
            "bootOptions", "firmware", "managedBy"})
    public static class ConfigSpec {
        public @Nullable String name;
        public @Nullable String version;
        public @Nullable String uuid;
        public @Nullable String instanceUuid;
        public @Nullable String guestId;
        public @Nullable FileInfo files;
        public @Nullable Integer numCPUs;
        public @Nullable Integer numCoresPerSocket;
        public @Nullable Long memoryMB;
        public List<DeviceChange> deviceChange = new ArrayList<>();
        public List<OptionValue> extraConfig = new ArrayList<>();
        public @Nullable BootOptions bootOptions;
        public @Nullable String firmware;
        public @Nullable ManagedByInfo managedBy;
    }

    @XmlType(name = "ArrayOfOptionValue", propOrder = {"items"})
    public static class ArrayOfOptions {
        @XmlElement(name = "OptionValue")
        public List<OptionValue> items = new ArrayList<>();
    }

    @XmlType(name = "OptionValue", propOrder = {"key", "value"})
    public static class OptionValue {
        public @Nullable String key;
        public @Nullable Object value;
    }

    @XmlType(name = "VirtualMachineBootOptions", propOrder = {"efiSecureBootEnabled"})
    public static class BootOptions {
        public @Nullable Boolean efiSecureBootEnabled;
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

    @XmlType(name = "VirtualDeviceConfigSpec", propOrder = {"operation", "fileOperation", "device"})
    public static class DeviceChange {
        public @Nullable String operation;
        public @Nullable String fileOperation;
        public @Nullable Device device;
    }

    @XmlType(name = "VirtualDevice", propOrder = {"key", "deviceInfo", "backing", "connectable",
            "controllerKey", "unitNumber"})
    public static class Device {
        public @Nullable Integer key;
        public @Nullable Description deviceInfo;
        public @Nullable Backing backing;
        public @Nullable ConnectInfo connectable;
        public @Nullable Integer controllerKey;
        public @Nullable Integer unitNumber;
    }

    @XmlType(name = "VirtualDeviceConnectInfo", propOrder = {"startConnected", "allowGuestControl",
            "connected"})
    public static class ConnectInfo {
        public @Nullable Boolean startConnected;
        public @Nullable Boolean allowGuestControl;
        public @Nullable Boolean connected;
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

    @XmlType(name = "VirtualLsiLogicController")
    public static class LsiLogicController extends ScsiController {}

    @XmlType(name = "VirtualLsiLogicSASController")
    public static class LsiLogicSasController extends ScsiController {}

    @XmlType(name = "VirtualBusLogicController")
    public static class BusLogicController extends ScsiController {}

    @XmlType(name = "VirtualAHCIController")
    public static class AhciController extends Controller {}

    @XmlType(name = "VirtualNVMEController")
    public static class NvmeController extends Controller {}

    @XmlType(name = "VirtualEthernetCard", propOrder = {"addressType", "macAddress"})
    public static class EthernetCard extends Device {
        public @Nullable String addressType;
        public @Nullable String macAddress;
    }

    @XmlType(name = "VirtualVmxnet3")
    public static class Vmxnet3 extends EthernetCard {}

    @XmlType(name = "VirtualVmxnet2")
    public static class Vmxnet2 extends EthernetCard {}

    @XmlType(name = "VirtualE1000")
    public static class E1000 extends EthernetCard {}

    @XmlType(name = "VirtualE1000e")
    public static class E1000e extends EthernetCard {}

    @XmlType(name = "VirtualPCNet32")
    public static class PcNet32 extends EthernetCard {}

    @XmlType(name = "VirtualDeviceBackingInfo")
    public static class Backing {}

    @XmlType(name = "VirtualDeviceFileBackingInfo", propOrder = {"fileName"})
    public static class FileBacking extends Backing {
        public @Nullable String fileName;
    }

    @XmlType(name = "VirtualDiskFlatVer2BackingInfo", propOrder = {"diskMode", "thinProvisioned",
            "eagerlyScrub", "parent"})
    public static class FlatBacking extends FileBacking {
        public @Nullable String diskMode;
        public @Nullable Boolean thinProvisioned;
        public @Nullable Boolean eagerlyScrub;
        public @Nullable FlatBacking parent;
    }

    @XmlType(name = "VirtualMachineRelocateSpec", propOrder = {"datastore", "disk"})
    public static class RelocateSpec {
        public @Nullable ManagedObjectReference datastore;
        public List<DiskLocator> disk = new ArrayList<>();
    }

    @XmlType(name = "VirtualMachineRelocateSpecDiskLocator", propOrder = {"diskId", "datastore",
            "diskMoveType", "diskBackingInfo"})
    public static class DiskLocator {
        public @Nullable Integer diskId;
        public @Nullable ManagedObjectReference datastore;
        public @Nullable String diskMoveType;
        public @Nullable Backing diskBackingInfo;
    }

    @XmlType(name = "CheckResult", propOrder = {"warning", "error"})
    public static class CheckResult {
        public List<LocalizedMethodFault> warning = new ArrayList<>();
        public List<LocalizedMethodFault> error = new ArrayList<>();
    }

    @XmlType(name = "ArrayOfCheckResult", propOrder = {"items"})
    public static class ArrayOfCheckResults {
        @XmlElement(name = "CheckResult")
        public List<CheckResult> items = new ArrayList<>();
    }

    @XmlType(name = "VirtualEthernetCardNetworkBackingInfo", propOrder = {"deviceName", "network"})
    public static class NetworkBacking extends Backing {
        public @Nullable String deviceName;
        public @Nullable ManagedObjectReference network;
    }

    @XmlType(name = "VirtualEthernetCardDistributedVirtualPortBackingInfo", propOrder = {"port"})
    public static class PortBacking extends Backing {
        public @Nullable PortConnection port;
    }

    @XmlType(name = "DistributedVirtualSwitchPortConnection", propOrder = {"switchUuid", "portgroupKey"})
    public static class PortConnection {
        public @Nullable String switchUuid;
        public @Nullable String portgroupKey;
    }

    @XmlType(name = "VirtualDiskSeSparseBackingInfo", propOrder = {"parent"})
    public static class SeSparseBacking extends FileBacking {
        /// Declared as of its own kind, and of any other in truth.
        public @Nullable FileBacking parent;
    }

    @XmlType(name = "VirtualDiskSparseVer2BackingInfo", propOrder = {"parent"})
    public static class SparseBacking extends FileBacking {
        /// Declared as of its own kind, and of any other in truth.
        public @Nullable FileBacking parent;
    }

    @XmlType(name = "VirtualDiskRawDiskMappingVer1BackingInfo")
    public static class RawDeviceBacking extends FileBacking {}

    @XmlType(name = "ArrayOfVirtualDevice", propOrder = {"items"})
    public static class ArrayOfDevices {
        @XmlElement(name = "VirtualDevice")
        public List<Device> items = new ArrayList<>();
    }

    @XmlType(name = "VirtualMachineConfigOptionDescriptor", propOrder = {"key", "host", "createSupported"})
    public static class ConfigOptionDescriptor {
        public @Nullable String key;
        public List<ManagedObjectReference> host = new ArrayList<>();
        public @Nullable Boolean createSupported;
    }
}
