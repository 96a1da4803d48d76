package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.backup.BackupCatalog;
import tools.jackson.databind.JsonNode;

/// Backups that were stored with checksums, and are compared with them on request.
class ChecksumsApiTest {

    private static final String DESCRIPTOR = """
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
                xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
              <References><File ovf:id="notes" ovf:href="notes.txt"/></References>
              <DiskSection><Disk ovf:diskId="first" ovf:capacity="3" ovf:capacityAllocationUnits="MegaBytes"/></DiskSection>
              <VirtualSystem ovf:id="vm-1">
                <Name>NAME</Name>
                <VirtualHardwareSection>
                  <Item><rasd:Address>0</rasd:Address><rasd:InstanceID>3</rasd:InstanceID>
                    <rasd:ResourceSubType>lsilogicsas</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>
                  <Item><rasd:AddressOnParent>0</rasd:AddressOnParent><rasd:HostResource>ovf:/disk/first</rasd:HostResource>
                    <rasd:InstanceID>10</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
                </VirtualHardwareSection>
              </VirtualSystem>
            </Envelope>
            """;

    @TempDir
    Path folder;

    @Test
    void aFlippedByteIsNamedAndASoundPackageIsFoundRight() throws Exception {
        makePackage("sound", true);
        makePackage("flipped", true);
        makePackage("bare", false);
        Files.write(folder.resolve("flipped/notes.txt"), new byte[]{'X'}, StandardOpenOption.WRITE);
        try (var server = RunningServer.start(folder, new MemoryVCenter()).as("alice", "ecila")) {
            server.bean(BackupCatalog.class).refresh();

            var sound = compare(server, "sound");
            assertThat(sound.get("state").asString()).as("%s", sound).isEqualTo("right");
            assertThat(sound.get("files").toString()).contains("notes.txt");
            var flipped = compare(server, "flipped");
            assertThat(flipped.get("state").asString()).as("%s", flipped).isEqualTo("wrong");
            assertThat(flipped.get("message").asString()).contains("notes.txt");
            assertThat(compare(server, "bare").get("state").asString()).isEqualTo("none");
            assertThat(server.post("/api/v1/backups/b-0/checksums", "{}").status()).isEqualTo(404);
        }
    }

    private static JsonNode compare(RunningServer server, String vm) throws Exception {
        var point = server.get("/api/v1/backups?vm=" + vm).json().get("items").get(0).get("id").asString();
        var path = "/api/v1/backups/" + point + "/checksums";
        assertThat(server.post(path, "{}").status()).isEqualTo(202);
        var found = server.get(path).json();
        while (found.get("state").asString().equals("running")) {
            Thread.onSpinWait();
            found = server.get(path).json();
        }
        return found;
    }

    private void makePackage(String name, boolean withManifest) throws Exception {
        var own = Files.createDirectories(folder.resolve(name));
        var descriptor = Files.writeString(own.resolve(name + ".ovf"), DESCRIPTOR.replace("NAME", name));
        var notes = Files.writeString(own.resolve("notes.txt"), "nothing of note");
        if (withManifest) {
            Files.writeString(own.resolve(name + ".mf"), line(descriptor) + line(notes));
        }
    }

    private static String line(Path file) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        return "SHA256(%s)= %s\n".formatted(file.getFileName(), HexFormat.of().formatHex(digest));
    }
}
