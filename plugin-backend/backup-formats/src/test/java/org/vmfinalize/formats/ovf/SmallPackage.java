package org.vmfinalize.formats.ovf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An OVF package, made without anybody's tool: a machine as ESXi describes it, with the disks that a test gives it.
final class SmallPackage {

    /// A disk that was never written to, on the second controller.
    static final int EMPTY_DISK_BYTES = 3 << 20;

    private final Map<String, byte[]> disks = new LinkedHashMap<>();
    private boolean empty;

    /// A disk in a file of that name, in the order in which they hang on the first controller.
    SmallPackage disk(String name, byte[] image) {
        disks.put(name, image);
        return this;
    }

    SmallPackage emptyDisk() {
        empty = true;
        return this;
    }

    /// Writes `vm.ovf`, `vm.mf` and the disks.
    ///
    /// @return the descriptor
    Path write(Path folder) throws IOException {
        return write(folder, descriptor());
    }

    Path write(Path folder, String descriptor) throws IOException {
        Path file = Files.writeString(folder.resolve("vm.ovf"), descriptor);
        var manifest = new StringBuilder("SHA256(vm.ovf)= %s\n".formatted(
                sha256(descriptor.getBytes(StandardCharsets.UTF_8))));
        for (var disk : disks.entrySet()) {
            Files.write(folder.resolve(disk.getKey()), disk.getValue());
            manifest.append("SHA256(%s)= %s\n".formatted(disk.getKey(), sha256(disk.getValue())));
        }
        Files.writeString(folder.resolve("vm.mf"), manifest);
        return file;
    }

    /// The names of all files, in the order of an archive.
    List<String> names() {
        var names = new ArrayList<>(List.of("vm.ovf", "vm.mf"));
        names.addAll(disks.keySet());
        return names;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    String descriptor() {
        var files = new StringBuilder();
        var sections = new StringBuilder();
        var items = new StringBuilder();
        int number = 0;
        for (var disk : disks.entrySet()) {
            files.append("<File ovf:id=\"file%d\" ovf:href=\"%s\" ovf:size=\"%d\"/>\n".formatted(number,
                    disk.getKey().replace(" ", "%20"), disk.getValue().length));
            sections.append("""
                    <Disk ovf:diskId="vmdisk%d" ovf:fileRef="file%d" ovf:capacity="64" \
                    ovf:capacityAllocationUnits="byte * 2^10" \
                    ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
                    """.formatted(number, number));
            items.append(disk(10 + number, 3, number, "vmdisk" + number));
            number++;
        }
        if (empty) {
            sections.append(
                    """
                            <Disk ovf:diskId="blank" ovf:capacity="${blankSize}" ovf:capacityAllocationUnits="MegaBytes" \
                            ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
                            """);
            items.append(disk(90, 4, 1, "blank"));
        }
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- as exported by ESXi -->
                <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
                    xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
                    xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData"
                    xmlns:vmw="http://www.vmware.com/schema/ovf">
                  <References>
                %s  </References>
                  <DiskSection><Info>disks</Info>
                %s  </DiskSection>
                  <NetworkSection><Network ovf:name="VM Network"/></NetworkSection>
                  <VirtualSystem ovf:id="vm-1">
                    <Name>web &amp; mail</Name>
                    <OperatingSystemSection ovf:id="94" vmw:osType="ubuntu64Guest"><Info>os</Info></OperatingSystemSection>
                    <ProductSection><Property ovf:key="blankSize" ovf:type="uint32" ovf:value="3"/></ProductSection>
                    <VirtualHardwareSection>
                      <System><vssd:VirtualSystemType>vmx-19</vssd:VirtualSystemType></System>
                      <Item>
                        <rasd:AllocationUnits>hertz * 10^6</rasd:AllocationUnits>
                        <rasd:ElementName>4 virtual CPU(s)</rasd:ElementName>
                        <rasd:InstanceID>1</rasd:InstanceID>
                        <rasd:ResourceType>3</rasd:ResourceType>
                        <rasd:VirtualQuantity>4</rasd:VirtualQuantity>
                        <vmw:CoresPerSocket ovf:required="false">2</vmw:CoresPerSocket>
                      </Item>
                      <Item>
                        <rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits>
                        <rasd:InstanceID>2</rasd:InstanceID>
                        <rasd:ResourceType>4</rasd:ResourceType>
                        <rasd:VirtualQuantity>4096</rasd:VirtualQuantity>
                      </Item>
                      <Item>
                        <rasd:Address>0</rasd:Address>
                        <rasd:InstanceID>3</rasd:InstanceID>
                        <rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType>
                        <rasd:ResourceType>6</rasd:ResourceType>
                      </Item>
                      <Item>
                        <rasd:Address>0</rasd:Address>
                        <rasd:InstanceID>4</rasd:InstanceID>
                        <rasd:ResourceSubType>vmware.sata.ahci</rasd:ResourceSubType>
                        <rasd:ResourceType>20</rasd:ResourceType>
                      </Item>
                %s      <Item ovf:required="false">
                        <rasd:ElementName>CD/DVD drive 1</rasd:ElementName>
                        <rasd:InstanceID>50</rasd:InstanceID>
                        <rasd:ResourceType>15</rasd:ResourceType>
                      </Item>
                      <Item>
                        <rasd:Address>00:50:56:9A:12:34</rasd:Address>
                        <rasd:Connection>VM Network</rasd:Connection>
                        <rasd:InstanceID>60</rasd:InstanceID>
                        <rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>
                        <rasd:ResourceType>10</rasd:ResourceType>
                      </Item>
                      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/>
                      <vmw:Config ovf:required="false" vmw:key="bootOptions.efiSecureBootEnabled" vmw:value="true"/>
                    </VirtualHardwareSection>
                  </VirtualSystem>
                </Envelope>
                """
                .formatted(files, sections, items);
    }

    private static String disk(int instance, int controller, int unit, String id) {
        return """
                <Item>
                  <rasd:AddressOnParent>%d</rasd:AddressOnParent>
                  <rasd:ElementName>Hard disk %d</rasd:ElementName>
                  <rasd:HostResource>ovf:/disk/%s</rasd:HostResource>
                  <rasd:InstanceID>%d</rasd:InstanceID>
                  <rasd:Parent>%d</rasd:Parent>
                  <rasd:ResourceType>17</rasd:ResourceType>
                </Item>
                """.formatted(unit, instance, id, instance, controller);
    }
}
