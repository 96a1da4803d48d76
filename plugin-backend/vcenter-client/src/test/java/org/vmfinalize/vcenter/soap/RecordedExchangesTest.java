package org.vmfinalize.vcenter.soap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Network;
import org.vmfinalize.vcenter.NfsMount;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualHardware.CardType;
import org.vmfinalize.vcenter.VirtualHardware.Controller;
import org.vmfinalize.vcenter.VirtualHardware.ControllerType;
import org.vmfinalize.vcenter.VirtualHardware.ExistingDisk;
import org.vmfinalize.vcenter.VirtualHardware.Firmware;
import org.vmfinalize.vcenter.VirtualHardware.NetworkCard;
import org.vmfinalize.vcenter.VirtualMachine;
import org.vmfinalize.vcenter.VirtualMachineSpec;
import org.w3c.dom.Element;

/// What a simulator of vCenter really sent and took: answers must be understood, and our calls must be what it was asked.
class RecordedExchangesTest {

    private static final MoRef VM = MoRef.virtualMachine("vm-51");
    private static final MoRef TASK = new MoRef("Task", "task-67");
    private static List<Exchange> exchanges = List.of();

    private final FakeVCenter fake = new FakeVCenter();

    @BeforeAll
    static void read() throws Exception {
        exchanges = Exchange.all();
        assumeTrue(!exchanges.isEmpty(), "the recorded exchanges are not beside the repository");
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void everyAnswerIsReadWhetherIndentedOrNotAndEveryFaultHasItsType() throws Exception {
        int answers = 0;
        int faults = 0;
        for (var exchange : exchanges) {
            if (exchange.request().isEmpty() || exchange.response().isEmpty()) {
                continue;
            }
            for (boolean indented : new boolean[]{false, true}) {
                var call = Call.of(exchange.method(), VM);
                byte[] answer = exchange.answer(indented);
                if (exchange.status() == 500) {
                    faults++;
                    assertThatThrownBy(() -> Answer.read(answer, call, Object.class)).as(exchange.toString())
                            .asInstanceOf(type(VCenterFault.class))
                            .extracting(VCenterFault::type).asString().matches("[A-Z][A-Za-z]+");
                } else {
                    answers++;
                    assertThat(Answer.read(answer, call, Object.class).size()).as(exchange.toString())
                            .isBetween(0, 20);
                }
            }
        }
        assertThat(answers).isGreaterThan(200);
        assertThat(faults).isGreaterThan(50);
    }

    @Test
    void theListOfMachinesIsReadPageByPage() throws Exception {
        replay("create-view", "CreateContainerView");
        replay("retrieve", "RetrievePropertiesEx");
        var pages = exchanges.stream().filter(exchange -> exchange.name().equals("continue")).toList();
        fake.callTwice("ContinueRetrievePropertiesEx", FakeVCenter.xml(200, utf8(pages.get(0))),
                FakeVCenter.xml(200, utf8(pages.get(1))));
        replay("destroy-view", "DestroyView");

        assertThat(fake.login().virtualMachines()).extracting(VirtualMachine::name).containsExactly(
                "DC0_C0_RP0_VM0",
                "DC0_C0_RP0_VM1", "DC0_C0_RP0_VM2", "DC0_C0_RP0_VM3", "DC0_C0_RP0_VM4");
    }

    @Test
    void theDisksAreFoundAmongTheDevices() throws Exception {
        replay("devices", "RetrievePropertiesEx");

        assertThat(fake.login().disks(MoRef.virtualMachine("vm-54"))).singleElement().satisfies(disk -> {
            assertThat(disk.fileName()).isEqualTo("[LocalDS_0] DC0_C0_RP0_VM1/disk1.vmdk");
            assertThat(disk.capacityBytes()).isEqualTo(10L << 30);
            assertThat(disk.key()).isEqualTo(204);
        });
    }

    @Test
    void aManagedMachineIsSeenAsOne() throws Exception {
        replay("created", "RetrievePropertiesEx");

        var vm = fake.login().virtualMachine(MoRef.virtualMachine("vm-88"));

        assertThat(vm.name()).isEqualTo("instant1");
        assertThat(vm.powerState()).isEqualTo(PowerState.UNKNOWN);
    }

    @Test
    void anNfsDatastoreIsReadWithItsExportAndHosts() throws Exception {
        replay("create-view", "CreateContainerView");
        replay("read", "RetrievePropertiesEx");
        replay("destroy-view", "DestroyView");

        assertThat(fake.login().datastores()).singleElement().satisfies(datastore -> {
            assertThat(datastore.name()).isEqualTo("backup-nfs");
            assertThat(datastore.type()).isEqualTo("NFS");
            assertThat(datastore.capacityBytes()).isEqualTo(2199023255552L);
            assertThat(datastore.nfs()).contains(new Datastore.NfsExport("192.0.2.10", "/export/one"));
            assertThat(datastore.hosts()).containsExactly(new MoRef("HostSystem", "host-24"),
                    new MoRef("HostSystem", "host-34"));
        });
    }

    @Test
    void aCancelledTaskIsKnownFromItsFaultAlone() throws Exception {
        var cancelled = FakeVCenter.statusIn(utf8(exchange("read-cancelled", "RetrievePropertiesEx")));
        assertThat(cancelled.isCancelled()).isTrue();

        assertThat(FakeVCenter.statusIn(utf8(exchange("read-running", "RetrievePropertiesEx"))).isCancelled())
                .isFalse();
    }

    @Test
    void aRegisteredExtensionIsReadWhole() throws Exception {
        replay("find", "FindExtension");

        assertThat(fake.login().findExtension("org.vmfinalize")).hasValueSatisfying(extension -> {
            assertThat(extension.servers()).singleElement()
                    .satisfies(server -> assertThat(server.type()).isEqualTo("MANIFEST_SERVER"));
            assertThat(extension.taskIds()).containsExactly("org.vmfinalize.finalize");
            assertThat(extension.resources()).hasSize(2);
            assertThat(extension.managedEntities()).hasSize(1);
        });
        replay("find-unknown", "FindExtension");
        assertThat(fake.login().findExtension("org.vmfinalize")).isEqualTo(Optional.empty());
    }

    @Test
    void ourCallsAreWordForWordWhatTheSimulatorWasAsked() throws Exception {
        var vcenter = fake.login();
        for (String method : List.of("Rename_Task", "SetTaskState", "UpdateProgress", "CreateNasDatastore",
                "UnregisterExtension", "FindExtension", "HasPrivilegeOnEntities")) {
            fake.call(method, FakeVCenter.fault("InvalidState", ""));
        }
        replay("host-managers", "RetrievePropertiesEx");
        var task = vcenter.task(TASK, "org.vmfinalize.finalize");

        refused(() -> vcenter.rename(VM, "db1"));
        refused(task::running);
        refused(() -> task.progress(42));
        refused(() -> vcenter.mountNfs(new MoRef("HostSystem", "host-24"),
                new NfsMount("192.0.2.10", "/export/one", "backup-nfs", false)));
        refused(() -> vcenter.unregisterExtension("org.vmfinalize"));
        refused(() -> vcenter.findExtension("org.vmfinalize"));

        assertSame("rename", "Rename_Task");
        assertSame("running", "SetTaskState");
        assertSame("progress", "UpdateProgress");
        assertSame("mount", "CreateNasDatastore");
        assertSame("unregister", "UnregisterExtension");
        assertSame("find", "FindExtension");
    }

    @Test
    void aMachineIsCreatedStartedStoppedAndUnregisteredAsTheSimulatorWasAsked() throws Exception {
        var vcenter = fake.login();
        for (String method : List.of("CreateVM_Task", "PowerOnVM_Task", "PowerOffVM_Task", "UnregisterVM")) {
            fake.call(method, FakeVCenter.fault("InvalidState", ""));
        }
        var vm = MoRef.virtualMachine("vm-88");
        var network = new Network(new MoRef("Network", "network-6"), "VM Network", Optional.empty(),
                List.of());
        var disk = new ExistingDisk(DatastorePath.parse("[backup-nfs] db1/db1.vmdk"), 2L << 30, 0, 0);
        var hardware = new VirtualHardware("otherLinux64Guest", Optional.empty(), 1, 1, 1024, Firmware.BIOS,
                false, Optional.empty(), Optional.empty(),
                List.of(new Controller(ControllerType.PARAVIRTUAL_SCSI, 0)), List.of(disk),
                List.of(new NetworkCard(CardType.VMXNET3, network, Optional.empty(), true)));

        refused(() -> vcenter.createVm(new VirtualMachineSpec("instant1", hardware,
                DatastorePath.parse("[backup-nfs]"),
                Optional.of(new ManagedBy("org.vmfinalize", "instant-vm")),
                Map.of("vmfinalize.backup", "b-1"),
                new VirtualMachineSpec.Placement(new MoRef("Folder", "group-2"),
                        new MoRef("ResourcePool", "resgroup-14"), new MoRef("HostSystem", "host-24")))));
        refused(() -> vcenter.powerOn(vm));
        refused(() -> vcenter.powerOff(vm));
        refused(() -> vcenter.unregister(vm));

        // What differs on purpose: the key of the disk, its size to the byte, and the name of a prefix.
        assertThat(sent("CreateVM_Task").replaceAll("<capacityInBytes>\\d+</capacityInBytes>", "")
                .replace(" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"", "").replace("\"xs:", "\"xsd:"))
                .isEqualTo(exchange("create", "CreateVM_Task").call().replace(">-202<", ">-201<"));
        assertThat(sent("PowerOnVM_Task")).isEqualTo(exchange07("power-on", "PowerOnVM_Task").call());
        assertThat(sent("PowerOffVM_Task")).isEqualTo(exchange07("power-off", "PowerOffVM_Task").call());
        assertThat(sent("UnregisterVM")).isEqualTo(exchange07("unregister", "UnregisterVM").call());
    }

    @Test
    void whatMovesPromotesDestroysCancelsAndUnmountsIsAskedAsTheSimulatorWas() throws Exception {
        var vcenter = fake.login();
        for (String method : List.of("RelocateVM_Task", "PromoteDisks_Task", "Destroy_Task", "CancelTask",
                "RemoveDatastore")) {
            fake.call(method, FakeVCenter.fault("NoPermission", ""));
        }
        replay("host-managers", "RetrievePropertiesEx");

        refused(() -> vcenter.relocate(VM, new Relocation(new MoRef("Datastore", "datastore-48"),
                List.of(new Relocation.Disk(204, Relocation.DiskForm.THICK_EAGER_ZEROED)))));
        refused(() -> vcenter.promoteDisks(MoRef.virtualMachine("vm-94")));
        refused(() -> vcenter.destroy(MoRef.virtualMachine("vm-100")));
        refused(() -> vcenter.cancelTask(new MoRef("Task", "task-69")));
        refused(() -> vcenter.unmount(new MoRef("HostSystem", "host-24"),
                new MoRef("Datastore", "datastore-83")));

        assertSame("relocate", "RelocateVM_Task");
        assertSame("promote-all", "PromoteDisks_Task");
        assertSame("destroy", "Destroy_Task");
        assertSame("cancel", "CancelTask");
        assertSame("unmount", "RemoveDatastore");
    }

    @Test
    void eventsAndAttributesAreSentAsTheSimulatorWasAsked() throws Exception {
        var vcenter = fake.login();
        fake.answer("RetrievePropertiesEx", "<returnval><objects><obj type=\"VirtualMachine\">vm-51</obj>"
                + "<propSet><name>name</name><val xsi:type=\"xsd:string\">db1</val></propSet></objects></returnval>");
        replay("post-event", "PostEvent");
        replay("add-field", "AddCustomFieldDef");
        replay("set-field", "SetField");

        vcenter.postEvent(VM,
                new ExtensionEvent("org.vmfinalize.finalized", ExtensionEvent.Severity.INFO, "Finalized",
                        Map.of("disks", "2")));
        vcenter.setAttribute(VM, "vm-finalize backup", "db1, 2026-01-01 02:00");

        // What differs on purpose: a time that the server overwrites, and the type of the argument.
        assertThat(sent("PostEvent").replace("1970", "2026")
                .replace(" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"", "")
                .replace("\"xs:string", "\"xsd:int"))
                .isEqualTo(exchange("post-event", "PostEvent").call());
        assertSame("add-field", "AddCustomFieldDef");
        assertSame("set-field", "SetField");
    }

    @Test
    void anAttributeThatIsThereIsNotDefinedAgain() throws Exception {
        replay("fields", "RetrievePropertiesEx");
        replay("set-field", "SetField");

        fake.login().setAttribute(VM, "vm-finalize backup", "db1, 2026-01-01 02:00");

        assertThat(fake.requests("AddCustomFieldDef")).isEmpty();
        assertSame("set-field", "SetField");
    }

    private static Exchange exchange07(String name, String method) {
        return exchanges.stream()
                .filter(exchange -> exchange.file().startsWith("07") && exchange.name().equals(name)
                        && exchange.request().isPresent() && exchange.method().equals(method))
                .findFirst().orElseThrow();
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(VCenterFault.class);
    }

    private void assertSame(String name, String method) throws Exception {
        assertThat(sent(method)).isEqualTo(exchange(name, method).call());
    }

    private String sent(String method) throws Exception {
        var sent = fake.requests(method).getFirst().getBodyAsString();
        var document = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(sent.getBytes(UTF_8)));
        var call = (Element) document.getElementsByTagNameNS("urn:vim25", method).item(0);
        return Exchange.text(call, false);
    }

    private void replay(String name, String method) throws Exception {
        fake.call(method, FakeVCenter.xml(200, utf8(exchange(name, method))));
    }

    private static Exchange exchange(String name, String method) {
        return exchanges.stream()
                .filter(exchange -> exchange.name().equals(name) && exchange.request().isPresent()
                        && exchange.method().equals(method))
                .findFirst().orElseThrow();
    }

    private static String utf8(Exchange exchange) throws Exception {
        return new String(exchange.answer(false), UTF_8);
    }
}
