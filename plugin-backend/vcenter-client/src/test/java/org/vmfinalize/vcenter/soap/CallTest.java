package org.vmfinalize.vcenter.soap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Collections.nCopies;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.vmfinalize.vcenter.VirtualMachineSpec.ExistingDisk;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.Extensions.ExtensionInfo;
import org.vmfinalize.vcenter.soap.vim.Machines.ConfigSpec;

/// The written XML itself: the simulators take any order and any type, a vCenter does not.
class CallTest {

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
        var spec = new VirtualMachineSpec("db1", "otherLinux64Guest", 2, 1024,
                new DatastorePath("nfs1", "db1"),
                List.of(new ExistingDisk(DatastorePath.parse("[nfs1] db1/a.vmdk"), 2L << 30)),
                Optional.of(new ManagedBy("org.vmfinalize", "instant-vm")), Optional.empty());
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
                + "<diskMode>persistent</diskMode></backing><controllerKey>-101</controllerKey>"
                + "<unitNumber>0</unitNumber><capacityInKB>2097152</capacityInKB>"
                + "<capacityInBytes>2147483648</capacityInBytes></device></deviceChange>"
                + "<managedBy><extensionKey>org.vmfinalize</extensionKey><type>instant-vm</type></managedBy></config>"
                + "<pool type=\"ResourcePool\">resgroup-14</pool><host type=\"HostSystem\">host-24</host>");
    }

    @Test
    void theEighthDiskLeavesTheControllersOwnUnitFree() {
        var disk = new ExistingDisk(DatastorePath.parse("[nfs1] a.vmdk"), 512);
        var spec = new VirtualMachineSpec("db1", "otherGuest", 1, 4, new DatastorePath("nfs1", ""),
                nCopies(15, disk), Optional.empty(), Optional.empty());

        assertThat(MachineForm.of(spec).deviceChange.stream().skip(1)
                .map(change -> requireNonNull(change.device).unitNumber))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15);
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
                .replace(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"", "");
    }
}
