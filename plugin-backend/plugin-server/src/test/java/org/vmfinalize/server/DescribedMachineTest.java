package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vmfinalize.server.backup.BackupCatalog;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualHardware.Controller;
import org.vmfinalize.vcenter.VirtualHardware.ControllerType;
import org.vmfinalize.vcenter.VirtualHardware.Firmware;

/// A backup that describes its machine is run as that machine.
class DescribedMachineTest extends ApiTest {

    private static final String DESCRIPTOR = """
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
                xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
                xmlns:vmw="http://www.vmware.com/schema/ovf">
              <DiskSection>
                <Disk ovf:diskId="first" ovf:capacity="3" ovf:capacityAllocationUnits="MegaBytes"/>
                <Disk ovf:diskId="second" ovf:capacity="2" ovf:capacityAllocationUnits="MegaBytes"/>
              </DiskSection>
              <VirtualSystem ovf:id="vm-1">
                <Name>web-01</Name>
                <OperatingSystemSection ovf:id="94" vmw:osType="ubuntu64Guest"/>
                <VirtualHardwareSection>
                  <Item><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType>
                    <rasd:VirtualQuantity>4</rasd:VirtualQuantity><vmw:CoresPerSocket>2</vmw:CoresPerSocket></Item>
                  <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:InstanceID>2</rasd:InstanceID>
                    <rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>4095</rasd:VirtualQuantity></Item>
                  <Item><rasd:Address>0</rasd:Address><rasd:InstanceID>3</rasd:InstanceID>
                    <rasd:ResourceSubType>lsilogicsas</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>
                  <Item><rasd:Address>0</rasd:Address><rasd:InstanceID>4</rasd:InstanceID>
                    <rasd:ResourceSubType>vmware.sata.ahci</rasd:ResourceSubType><rasd:ResourceType>20</rasd:ResourceType></Item>
                  <Item><rasd:AddressOnParent>2</rasd:AddressOnParent><rasd:HostResource>ovf:/disk/first</rasd:HostResource>
                    <rasd:InstanceID>10</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
                  <Item><rasd:AddressOnParent>1</rasd:AddressOnParent><rasd:HostResource>ovf:/disk/second</rasd:HostResource>
                    <rasd:InstanceID>11</rasd:InstanceID><rasd:Parent>4</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
                  <Item><rasd:Address>00:50:56:9A:12:34</rasd:Address><rasd:Connection>VM Network</rasd:Connection>
                    <rasd:InstanceID>60</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>
                    <rasd:ResourceType>10</rasd:ResourceType></Item>
                  <Item><rasd:Connection>Old network</rasd:Connection><rasd:InstanceID>61</rasd:InstanceID>
                    <rasd:ResourceSubType>E1000</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>
                  <vmw:Config vmw:key="firmware" vmw:value="efi"/>
                </VirtualHardwareSection>
              </VirtualSystem>
            </Envelope>
            """;

    DescribedMachineTest() {
        super(0);
    }

    @Override
    void prepare() throws Exception {
        Files.writeString(folder.resolve("web.ovf"), DESCRIPTOR);
    }

    private static RunningServer.Answer run(String more) throws Exception {
        var answer = server.post("/api/v1/instant-vms",
                "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"%s}".formatted(newName(),
                        folder.resolve("web.ovf"), more));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer;
    }

    private static VirtualHardware hardware(RunningServer.Answer answer) {
        return Objects.requireNonNull(vcenter.specs.get(answer.text("id"))).hardware();
    }

    @Test
    void processorsMemoryFirmwareControllersAndAddressesAreTheOriginals() throws Exception {
        var hardware = hardware(run(""));

        assertThat(hardware.guestId()).isEqualTo("ubuntu64Guest");
        assertThat(hardware.cpus()).isEqualTo(4);
        assertThat(hardware.coresPerSocket()).isEqualTo(2);
        assertThat(hardware.memoryMiB()).as("vSphere counts in 4 MiB").isEqualTo(4096);
        assertThat(hardware.firmware()).isEqualTo(Firmware.EFI);
        assertThat(hardware.controllers()).containsExactly(new Controller(ControllerType.LSI_LOGIC_SAS, 0),
                new Controller(ControllerType.SATA, 0));
        assertThat(hardware.disks()).extracting(disk -> disk.controller() + ":" + disk.unit())
                .containsExactly("0:2", "1:1");
        assertThat(hardware.disks()).extracting(VirtualHardware.ExistingDisk::capacityBytes)
                .containsExactly(3L << 20, 2L << 20);
        assertThat(hardware.uuid()).isEmpty();
    }

    @Test
    void cardsAreConnectedToTheNetworkOfTheSameNameAndTheOthersAreNot() throws Exception {
        var answer = run("");

        assertThat(hardware(answer).cards())
                .extracting(card -> card.type() + " " + card.network().name() + " " + card.connected())
                .containsExactly("VMXNET3 VM Network true", "E1000 VM Network false");
        assertThat(hardware(answer).cards()).allSatisfy(card -> assertThat(card.mac()).isEmpty());
        assertThat(answer.json().get("warnings").toString()).contains("network card 2", "'Old network'");
    }

    @Test
    void cardsAreConnectedAsTheRequestSays() throws Exception {
        var mapped = run(",\"networks\":{\"Old network\":\"Production\"},\"keepMacs\":true");
        assertThat(hardware(mapped).cards())
                .extracting(
                        card -> card.network().name() + " " + card.connected() + " " + card.mac().orElse(""))
                .containsExactly("VM Network true 00:50:56:9a:12:34", "Production true ");

        var others = run(",\"networks\":{\"VM Network\":\"VM Network\"},\"network\":\"dvportgroup-2\"");
        assertThat(hardware(others).cards()).extracting(card -> card.network().name())
                .containsExactly("VM Network", "Production");

        var unplugged = run(",\"network\":\"disconnected\"");
        assertThat(hardware(unplugged).cards()).extracting(VirtualHardware.NetworkCard::connected)
                .containsExactly(false, false);
        assertThat(unplugged.json().get("warnings")).isEmpty();
    }

    @Test
    void anAddressThatTheOriginalStillHasIsWarnedOf() throws Exception {
        var original = vcenter.add("web-01");
        vcenter.macs.put(original.value(), Set.of("00:50:56:9a:12:34"));
        try {
            assertThat(run(",\"keepMacs\":true").json().get("warnings").toString())
                    .contains("MAC 00:50:56:9a:12:34", "VM web-01");
            assertThat(run("").json().get("warnings").toString()).doesNotContain("MAC");
        } finally {
            vcenter.machines.remove(original.value());
        }
    }

    @Test
    void theListShowsTheMachine() throws Exception {
        server.bean(BackupCatalog.class).refresh();

        var point = server.get("/api/v1/backups?vm=web-01").json().get("items").get(0);

        assertThat(point.get("hardware").get("cpus").asInt()).isEqualTo(4);
        assertThat(point.get("hardware").get("firmware").asString()).isEqualTo("efi");
        assertThat(point.get("hardware").get("networks").toString())
                .isEqualTo("[\"VM Network\",\"Old network\"]");
        assertThat(point.get("disks")).hasSize(2);
    }

    @Test
    void changesOfABackupWithSeveralDisksAreNotKeptWithoutAFolderForThem() throws Exception {
        var answer = server.send("DELETE", "/api/v1/instant-vms/" + run("").text("id") + "?keepChanges=x",
                null);

        assertThat(answer.problem()).isEqualTo("changes-not-kept");
        assertThat(answer.text("detail")).contains("vmfinalize.changes-directory");
    }

    /// What the request asks for goes before what the backup says.
    @Test
    void theRequestHasTheLastWord() throws Exception {
        var spec = vcenter.specs
                .get(run(",\"cpus\":3,\"memoryMiB\":512,\"guestId\":\"otherGuest\"").text("id"));

        assertThat(Objects.requireNonNull(spec).hardware().cpus()).isEqualTo(3);
        assertThat(spec.hardware().coresPerSocket()).as("2 does not divide 3").isOne();
        assertThat(spec.hardware().memoryMiB()).isEqualTo(512);
        assertThat(spec.hardware().guestId()).isEqualTo("otherGuest");
    }
}
