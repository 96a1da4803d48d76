package org.vmfinalize.vcenter.soap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Network;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualHardware.CardType;
import org.vmfinalize.vcenter.VirtualHardware.Controller;
import org.vmfinalize.vcenter.VirtualHardware.ControllerType;
import org.vmfinalize.vcenter.VirtualHardware.ExistingDisk;
import org.vmfinalize.vcenter.VirtualHardware.Firmware;
import org.vmfinalize.vcenter.VirtualHardware.NetworkCard;
import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.vmfinalize.vcenter.VirtualMachineSpec.Placement;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.Extensions.ExtensionInfo;
import org.vmfinalize.vcenter.soap.vim.Machines.ConfigSpec;

/// The written XML itself: the simulators take any order and any type, a vCenter does not.
class CallTest {

    private static final Placement PLACEMENT = new Placement(new MoRef("Folder", "group-2"),
            new MoRef("ResourcePool", "resgroup-14"), new MoRef("HostSystem", "host-24"));

    private static final MoRef VM = MoRef.virtualMachine("vm-51");

    @Test
    void anEnvelopeHasTheDefaultNamespaceOnTheMethodAndNothingElse() {
        var call = Call.of("Rename_Task", VM).with("newName", "db1 & <co>");

        assertThat(text(call)).isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
                + "<Rename_Task xmlns=\"urn:vim25\"><_this type=\"VirtualMachine\">vm-51</_this>"
                + "<newName>db1 &amp; &lt;co&gt;</newName></Rename_Task></soapenv:Body></soapenv:Envelope>");
    }

    @Test
    void clearingManagedByWritesBothElementsEmpty() {
        var call = Call.of("ReconfigVM_Task", VM).with("spec", ConfigSpec.class,
                MachineForm.managedBy("", ""));

        assertThat(body(call)).isEqualTo("<_this type=\"VirtualMachine\">vm-51</_this><spec><managedBy>"
                + "<extensionKey></extensionKey><type></type></managedBy></spec>");
    }

    @Test
    void aTraversalIsMarkedAsOne() {
        var view = new MoRef("ContainerView", "session[1]2");
        var filter = Properties.filter("VirtualMachine", List.of("name", "runtime.powerState"),
                Properties.throughView(view));
        var options = new Collector.RetrieveOptions();
        var call = Call.of("RetrievePropertiesEx", new MoRef("PropertyCollector", "pc"))
                .with("specSet", Collector.FilterSpec.class, filter)
                .with("options", Collector.RetrieveOptions.class, options);

        assertThat(body(call)).isEqualTo("<_this type=\"PropertyCollector\">pc</_this><specSet>"
                + "<propSet><type>VirtualMachine</type><pathSet>name</pathSet><pathSet>runtime.powerState</pathSet></propSet>"
                + "<objectSet><obj type=\"ContainerView\">session[1]2</obj><skip>true</skip>"
                + "<selectSet xsi:type=\"TraversalSpec\"><name>view</name><type>ContainerView</type><path>view</path>"
                + "<skip>false</skip></selectSet></objectSet></specSet><options></options>");
    }

    @Test
    void aNewVirtualMachineNamesItsDevicesInTheOrderOfTheWsdlAndMakesNoFiles() {
        var hardware = VirtualHardware.simple("otherLinux64Guest", 2, 1024,
                List.of(new ExistingDisk(DatastorePath.parse("[nfs1] db1/a.vmdk"), 2L << 30, 0, 0)));
        var spec = new VirtualMachineSpec("db1", hardware, new DatastorePath("nfs1", "db1"),
                Optional.of(new ManagedBy("org.vmfinalize", "instant-vm")), Map.of(), PLACEMENT);
        var call = Call.of("CreateVM_Task", new MoRef("Folder", "group-2"))
                .with("config", ConfigSpec.class, MachineForm.of(spec))
                .with("pool", new MoRef("ResourcePool", "resgroup-14"))
                .with("host", new MoRef("HostSystem", "host-24"));

        assertThat(body(call)).isEqualTo("<_this type=\"Folder\">group-2</_this><config><name>db1</name>"
                + "<guestId>otherLinux64Guest</guestId><files><vmPathName>[nfs1] db1</vmPathName></files>"
                + "<numCPUs>2</numCPUs><memoryMB>1024</memoryMB>"
                + "<deviceChange><operation>add</operation><device xsi:type=\"ParaVirtualSCSIController\"><key>-101</key>"
                + "<busNumber>0</busNumber><sharedBus>noSharing</sharedBus></device></deviceChange>"
                + "<deviceChange><operation>add</operation><device xsi:type=\"VirtualDisk\"><key>-201</key>"
                + "<backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>[nfs1] db1/a.vmdk</fileName>"
                + "<diskMode>persistent</diskMode><thinProvisioned>true</thinProvisioned></backing><controllerKey>-101</controllerKey>"
                + "<unitNumber>0</unitNumber><capacityInKB>2097152</capacityInKB>"
                + "<capacityInBytes>2147483648</capacityInBytes></device></deviceChange>"
                + "<managedBy><extensionKey>org.vmfinalize</extensionKey><type>instant-vm</type></managedBy></config>"
                + "<pool type=\"ResourcePool\">resgroup-14</pool><host type=\"HostSystem\">host-24</host>");
    }

    @Test
    void aChildDiskIsCreatedOverItsParent() {
        var hardware = VirtualHardware.simple("otherLinux64Guest", 1, 1024, List.of(new ExistingDisk(
                DatastorePath.parse("[nfs1] db1/a.vmdk"), 1 << 20, 0, 0, Optional.of("san"))));
        var spec = new VirtualMachineSpec("db1", hardware, new DatastorePath("san", ""), Optional.empty(),
                Map.of(), PLACEMENT);
        var call = Call.of("CreateVM_Task", PLACEMENT.folder()).with("config", ConfigSpec.class,
                MachineForm.of(spec));

        assertThat(body(call)).contains("<files><vmPathName>[san]</vmPathName></files>",
                "<deviceChange><operation>add</operation><fileOperation>create</fileOperation>"
                        + "<device xsi:type=\"VirtualDisk\"><key>-201</key>"
                        + "<backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>[san]</fileName>"
                        + "<diskMode>persistent</diskMode><thinProvisioned>true</thinProvisioned>"
                        + "<parent><fileName>[nfs1] db1/a.vmdk</fileName><diskMode>persistent</diskMode>"
                        + "<thinProvisioned>true</thinProvisioned></parent></backing>");
    }

    @Test
    void hardwareIsWrittenWholeAndInTheOrderOfTheWsdl() {
        var standard = new Network(new MoRef("Network", "network-6"), "VM Network", Optional.empty(),
                List.of());
        var distributed = new Network(new MoRef("DistributedVirtualPortgroup", "dvportgroup-7"), "Prod",
                Optional.of(new Network.Portgroup("50 1e", "dvportgroup-7")), List.of());
        var hardware = new VirtualHardware("windows2019srv_64Guest", Optional.of("vmx-19"), 4, 2, 4096,
                Firmware.EFI, true, Optional.of("4210"), Optional.of("5010"),
                List.of(new Controller(ControllerType.LSI_LOGIC_SAS, 1),
                        new Controller(ControllerType.NVME, 0),
                        new Controller(ControllerType.SATA, 0), new Controller(ControllerType.IDE, 1)),
                List.of(new ExistingDisk(DatastorePath.parse("[n] a.vmdk"), 512, 0, 8),
                        new ExistingDisk(DatastorePath.parse("[n] b.vmdk"), 1536, 3, 1)),
                List.of(new NetworkCard(CardType.VMXNET3, distributed, Optional.empty(), true),
                        new NetworkCard(CardType.E1000E, standard, Optional.of("00:50:56:aa:bb:cc"), false)));
        var spec = new VirtualMachineSpec("db1", hardware, new DatastorePath("n", "db1"), Optional.empty(),
                Map.of("vmfinalize.id", "42"), PLACEMENT);
        var call = Call.of("CreateVM_Task", PLACEMENT.folder()).with("config", ConfigSpec.class,
                MachineForm.of(spec));

        assertThat(body(call)).isEqualTo("<_this type=\"Folder\">group-2</_this><config><name>db1</name>"
                + "<version>vmx-19</version><uuid>4210</uuid><instanceUuid>5010</instanceUuid>"
                + "<guestId>windows2019srv_64Guest</guestId><files><vmPathName>[n] db1</vmPathName></files>"
                + "<numCPUs>4</numCPUs><numCoresPerSocket>2</numCoresPerSocket><memoryMB>4096</memoryMB>"
                + add("VirtualLsiLogicSASController",
                        "<key>-101</key><busNumber>1</busNumber><sharedBus>noSharing</sharedBus>")
                + add("VirtualNVMEController", "<key>-102</key><busNumber>0</busNumber>")
                + add("VirtualAHCIController", "<key>-103</key><busNumber>0</busNumber>")
                + add("VirtualDisk", disk(-201, "[n] a.vmdk", -101, 8, 0, 512))
                + add("VirtualDisk", disk(-202, "[n] b.vmdk", 201, 1, 1, 1536))
                + add("VirtualVmxnet3",
                        "<key>-301</key><backing xsi:type=\"VirtualEthernetCardDistributedVirtualPortBackingInfo\">"
                                + "<port><switchUuid>50 1e</switchUuid><portgroupKey>dvportgroup-7</portgroupKey>"
                                + "</port></backing><connectable><startConnected>true</startConnected>"
                                + "<allowGuestControl>true</allowGuestControl><connected>false</connected>"
                                + "</connectable><addressType>generated</addressType>")
                + add("VirtualE1000e",
                        "<key>-302</key><backing xsi:type=\"VirtualEthernetCardNetworkBackingInfo\">"
                                + "<deviceName>VM Network</deviceName><network type=\"Network\">network-6</network>"
                                + "</backing><connectable><startConnected>false</startConnected>"
                                + "<allowGuestControl>true</allowGuestControl><connected>false</connected>"
                                + "</connectable><addressType>manual</addressType>"
                                + "<macAddress>00:50:56:aa:bb:cc</macAddress>")
                + "<extraConfig><key>vmfinalize.id</key><value xsi:type=\"xsd:string\">42</value></extraConfig>"
                + "<bootOptions><efiSecureBootEnabled>true</efiSecureBootEnabled></bootOptions>"
                + "<firmware>efi</firmware></config>");
    }

    private static String add(String type, String device) {
        return "<deviceChange><operation>add</operation><device xsi:type=\"" + type + "\">" + device
                + "</device></deviceChange>";
    }

    private static String disk(int key, String file, int controller, int unit, int kib, int bytes) {
        return "<key>" + key + "</key><backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>" + file
                + "</fileName><diskMode>persistent</diskMode><thinProvisioned>true</thinProvisioned></backing>"
                + "<controllerKey>" + controller + "</controllerKey><unitNumber>" + unit + "</unitNumber>"
                + "<capacityInKB>" + kib + "</capacityInKB><capacityInBytes>" + bytes + "</capacityInBytes>";
    }

    @ParameterizedTest
    @CsvSource({"PARAVIRTUAL_SCSI, 7", "PARAVIRTUAL_SCSI, 16", "SATA, 30", "NVME, 15", "IDE, 2", "SATA, -1"})
    void aUnitThatAControllerDoesNotHaveIsRefused(ControllerType type, int unit) {
        var disk = new ExistingDisk(DatastorePath.parse("[nfs1] a.vmdk"), 512, 0, unit);

        assertThatThrownBy(() -> new VirtualHardware("otherGuest", Optional.empty(), 1, 1, 4, Firmware.BIOS,
                false, Optional.empty(), Optional.empty(), List.of(new Controller(type, 0)), List.of(disk),
                List.of())).hasMessageContaining("[nfs1] a.vmdk").hasMessageContaining("unit " + unit);
    }

    @Test
    void anExtensionHasItsElementsInTheOrderOfTheWsdl() {
        var extension = new Extension("org.vmfinalize", "1.0.0.0", "vm-finalize", "VM Finalize",
                "Makes it permanent",
                List.of(new Extension.Server("https://h/plugin.json", "MANIFEST_SERVER",
                        List.of("a@example.org"),
                        Optional.of("AA:BB"))),
                List.of(new Extension.Client("https://h/plugin.json", "vsphere-client-remote")), List.of("t"),
                List.of("e"),
                List.of("f"), List.of(new Extension.Privilege("vmfinalize.Finalize", "vmfinalize")),
                List.of(new Extension.Resources("en", "resources", Map.of("t.label", "Finalize"))),
                List.of(new Extension.ManagedEntity("instant-vm", "https://h/16.png", "https://h/32.png",
                        "Runs")));
        var call = Call.of("RegisterExtension", new MoRef("ExtensionManager", "ExtensionManager"))
                .with("extension", ExtensionInfo.class, ExtensionForm.toWire(extension, Instant.EPOCH));

        String description = "<description><label>VM Finalize</label><summary>Makes it permanent</summary></description>";
        assertThat(body(call))
                .isEqualTo("<_this type=\"ExtensionManager\">ExtensionManager</_this><extension>"
                        + description
                        + "<key>org.vmfinalize</key><company>vm-finalize</company><version>1.0.0.0</version>"
                        + "<server><url>https://h/plugin.json</url>" + description
                        + "<company>vm-finalize</company>"
                        + "<type>MANIFEST_SERVER</type><adminEmail>a@example.org</adminEmail>"
                        + "<serverThumbprint>AA:BB</serverThumbprint></server>"
                        + "<client><version>1.0.0.0</version>" + description
                        + "<company>vm-finalize</company>"
                        + "<type>vsphere-client-remote</type><url>https://h/plugin.json</url></client>"
                        + "<taskList><taskID>t</taskID></taskList><eventList><eventID>e</eventID></eventList>"
                        + "<faultList><faultID>f</faultID></faultList>"
                        + "<privilegeList><privID>vmfinalize.Finalize</privID><privGroupName>vmfinalize</privGroupName></privilegeList>"
                        + "<resourceList><locale>en</locale><module>resources</module><data><key>t.label</key>"
                        + "<value>Finalize</value></data></resourceList><lastHeartbeatTime>1970-01-01T00:00:00Z</lastHeartbeatTime>"
                        + "<managedEntityInfo><type>instant-vm</type><smallIconUrl>https://h/16.png</smallIconUrl>"
                        + "<iconUrl>https://h/32.png</iconUrl><description>Runs</description></managedEntityInfo>"
                        + "<shownInSolutionManager>false</shownInSolutionManager></extension>");
    }

    @Test
    void aCallDoesNotShowItsParameters() {
        assertThat(Call.of("Login", new MoRef("SessionManager", "SessionManager"))
                .with("userName", "alice").with("password", "secret")).hasToString("Login SessionManager");
    }

    private static String text(Call call) {
        return new String(call.envelope(), UTF_8);
    }

    private static String body(Call call) {
        var text = text(call);
        var open = "<" + call.method() + " xmlns=\"urn:vim25\">";
        // A prefix may be bound again, to the same.
        return text.substring(text.indexOf(open) + open.length(), text.indexOf("</" + call.method() + ">"))
                .replace(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"", "")
                .replace(" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"", "")
                .replace("\"xs:", "\"xsd:");
    }
}
