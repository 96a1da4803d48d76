package org.vmfinalize.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.Shelf;
import org.vmfinalize.providers.BackupProviders;

/// Formats read from places: the server is told of the places by its settings.
@ExtendWith(OutputCaptureExtension.class)
class PlacesTest {

    private static final int SIZE = 4 << 20;
    private static final String SECRET = "not-to-be-seen-anywhere";

    @TempDir
    Path folder;

    private Path files;
    private byte[] content;
    private BucketServer web;
    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "install Debian package qemu-utils");
        files = Files.createDirectories(folder.resolve("files/archive"));
        content = new byte[SIZE];
        new Random(11).nextBytes(content);
        Arrays.fill(content, 1 << 20, 2 << 20, (byte) 0);
        Files.write(folder.resolve("disk.raw"), content);
        web = new BucketServer(folder.resolve("files"));
        var token = Files.writeString(folder.resolve("token"), "token=" + SECRET);
        server = RunningServer.start(folder.resolve("server"), new MemoryVCenter(),
                "--vmfinalize.places[0].name=web", "--vmfinalize.places[0].uri=" + web.uri() + "/archive/",
                "--vmfinalize.places[0].credentials-file=" + token, "--vmfinalize.places[0].retry-for=1s",
                "--vmfinalize.places[1].name=cloud", "--vmfinalize.places[1].uri=s3://archive/",
                "--vmfinalize.places[1].endpoint=" + web.uri(), "--vmfinalize.places[1].retry-for=1s",
                "--vmfinalize.places[2].name=vault",
                "--vmfinalize.places[2].uri=nbd+unix:///?socket=" + folder.resolve("socket"),
                "--vmfinalize.places[3].name=chains",
                "--vmfinalize.places[3].uri=" + Files.createDirectories(folder.resolve("chains")).toUri(),
                "--vmfinalize.places[3].allowed-references[0]=" + folder.resolve("bases"),
                "--vmfinalize.backup-directories[1]=" + Files.createDirectories(folder.resolve("nightly")),
                "--vmfinalize.allowed-references[0]=" + folder.resolve("bases"),
                "--vmfinalize.places[0].allowed-references[0]=" + web.uri() + "/bases/",
                "--vmfinalize.place-cache.size=64MB");
        server.as("alice", "ecila");
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
            web.close();
        }
    }

    private void run(String... command) throws IOException {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.onExit().join().exitValue()).as("%s said: %s", List.of(command), output).isZero();
    }

    private byte[] read(String location) throws IOException {
        try (var backup = server.bean(BackupProviders.class).open(BackupReference.at(location))) {
            byte[] all = new byte[SIZE];
            backup.disks().getFirst().read(ByteBuffer.wrap(all), 0);
            return all;
        }
    }

    @Test
    void aStreamOptimizedDiskInAnOvaInABucket() throws Exception {
        makeOva();

        assertThat(read("s3://archive/vm.ova")).isEqualTo(content);
        assertThat(read(web.uri() + "/archive/vm.ova")).isEqualTo(content);
    }

    private void makeOva() throws IOException {
        run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", "disk.raw",
                "disk.vmdk");
        Files.writeString(folder.resolve("vm.ovf"),
                """
                        <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
                            xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
                          <References><File ovf:id="file1" ovf:href="disk.vmdk" ovf:size="%d"/></References>
                          <DiskSection><Info/><Disk ovf:diskId="disk1" ovf:fileRef="file1" ovf:capacity="%d"
                            ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/></DiskSection>
                          <VirtualSystem ovf:id="vm"><Info/><VirtualHardwareSection><Info/>
                            <Item><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>6</rasd:ResourceType>
                              <rasd:ResourceSubType>lsilogic</rasd:ResourceSubType><rasd:Address>0</rasd:Address></Item>
                            <Item><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType>
                              <rasd:HostResource>ovf:/disk/disk1</rasd:HostResource><rasd:Parent>1</rasd:Parent>
                              <rasd:AddressOnParent>0</rasd:AddressOnParent></Item>
                          </VirtualHardwareSection></VirtualSystem>
                        </Envelope>
                        """
                        .formatted(Files.size(folder.resolve("disk.vmdk")), SIZE));
        run("tar", "--format=ustar", "-cf", files.resolve("vm.ova").toString(), "vm.ovf", "disk.vmdk");
    }

    @Test
    void aChainOfQcow2OnAWebServerCrossesTheLinkOnce() throws Exception {
        run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "disk.raw",
                files.resolve("base.qcow2").toString());
        run("qemu-img", "create", "-q", "-f", "qcow2", "-b", files.resolve("base.qcow2").toString(), "-F",
                "qcow2",
                files.resolve("top.qcow2").toString());
        run("qemu-img", "rebase", "-u", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", files.resolve(
                "top.qcow2").toString());
        var location = web.uri() + "/archive/top.qcow2";

        assertThat(read(location)).isEqualTo(content);
        long once = web.sent();
        assertThat(read(location)).isEqualTo(content);
        // Asking for the version of each file takes a byte.
        assertThat(web.sent() - once).isLessThan(100);
    }

    @Test
    void aBackingFileInAnotherFolderIsReadIfThePlaceAllowsIt() throws Exception {
        for (var below : List.of("chains", "nightly", "files/archive")) {
            for (var where : List.of("bases", "others")) {
                var base = Files.createDirectories(folder.resolve(below).resolveSibling(where));
                run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "disk.raw", base + "/base.qcow2");
                overlay(below + "/" + where + ".qcow2", "../" + where + "/base.qcow2");
            }
        }

        for (var place : List.of(folder + "/chains", folder + "/nightly", web.uri() + "/archive")) {
            assertThat(read(place + "/bases.qcow2")).isEqualTo(content);
            assertThatThrownBy(() -> read(place + "/others.qcow2")).as(place)
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("'../others/base.qcow2', which lies outside");
        }
    }

    private void overlay(String image, String base) throws IOException {
        run("qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", base, "-F", "raw", image,
                String.valueOf(SIZE));
        run("qemu-img", "rebase", "-u", "-f", "qcow2", "-b", base, "-F",
                base.endsWith(".qcow2") ? "qcow2" : "raw", image);
    }

    @Test
    void anImageOnAWebServerLeadsToNoOtherServerAndNoFile() throws Exception {
        try (var other = new BucketServer(folder)) {
            for (var base : List.of("file:///etc/passwd", "/etc/passwd", "nbd://127.0.0.1/x",
                    other.uri() + "/disk.raw", web.uri() + "/secret")) {
                overlay("files/archive/evil.qcow2", base);

                assertThatThrownBy(() -> read(web.uri() + "/archive/evil.qcow2")).as(base)
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining("the image refers to '" + base + "', which ");
            }
            assertThat(other.sent()).isZero();
        }
    }

    @Test
    void aRawExportOfAnNbdServer() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/nbdkit")), "install Debian package nbdkit");
        var command = List.of("nbdkit", "-f", "-r", "-U", folder.resolve("socket").toString(), "file",
                "disk.raw");
        var nbdkit = new ProcessBuilder(new ArrayList<>(command)).directory(folder.toFile())
                .redirectErrorStream(
                        true)
                .redirectOutput(folder.resolve("nbdkit.log").toFile()).start();
        try {
            assertThat(read("nbd+unix:///?socket=" + folder.resolve("socket"))).isEqualTo(content);
        } finally {
            nbdkit.destroy();
            nbdkit.onExit().join();
        }
    }

    @Test
    void aVmRunsFromAWebServerWhoseSecretIsNowhereToBeSeen(CapturedOutput output) throws Exception {
        Files.write(files.resolve("disk.raw"), content);
        var answer = server.post("/api/v1/instant-vms",
                "{\"name\":\"far\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(web.uri()
                        + "/archive/disk.raw"));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        var refused = server.post("/api/v1/instant-vms",
                "{\"name\":\"far2\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                        .formatted(web.uri().replace("//",
                                "//bob:" + SECRET + "@") + "/archive/disk.raw?signature=" + SECRET));
        assertThat(refused.problem()).isEqualTo("backup-not-allowed");
        server.close(); // what it holds back is on its disk then

        assertThat(web.authorizations()).contains("Bearer " + SECRET);
        assertThat(output.getAll()).doesNotContain(SECRET);
        assertThat(answer.response().body() + refused.response().body()).doesNotContain(SECRET);
        try (var written = Files.walk(folder.resolve("server"))) {
            for (var file : written.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
                        .as("%s", file).doesNotContain(SECRET);
            }
        }
    }

    @Test
    void aPlaceThatIsAwayIsNamed() throws Exception {
        web.close();

        var answer = server.post("/api/v1/instant-vms",
                "{\"name\":\"gone\",\"backup\":\"s3://archive/vm.ova\",\"datastore\":\"ds1\"}");

        assertThat(answer.problem()).isEqualTo("backup-unavailable");
        assertThat(answer.text("detail")).contains("place cloud: s3://archive/vm.ova");
        var shelves = server.bean(Places.class).list(10);
        assertThat(shelves).extracting(Shelf::place).contains("web", "cloud", "vault");
        assertThat(shelves).filteredOn(shelf -> shelf.place().equals("cloud")).singleElement().satisfies(
                shelf -> assertThat(shelf.failure().orElseThrow()).startsWith("place cloud: s3://archive/"));
    }
}
