package org.vmfinalize.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.datastore.Datastores;

/// The changes of a machine with several disks are kept as one overlay for each, on the disk's own image, and QEMU boots the
/// machine from them.
@Timeout(180)
class SeveralDisksKeptTest {

    private static final int SIZE = 2 << 20;
    private static final int TEXT_AT = 4096;

    private static final String DESCRIPTOR = """
            <?xml version="1.0"?>
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
              <References><File ovf:id="a" ovf:href="web-1.vmdk"/><File ovf:id="b" ovf:href="web-2.qcow2"/></References>
              <DiskSection>
                <Disk ovf:diskId="one" ovf:fileRef="a" ovf:capacity="2097152"
                  ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
                <Disk ovf:diskId="two" ovf:fileRef="b" ovf:capacity="2097152" ovf:format="http://www.gnome.org/~markmc/qcow-image-format.html"/>
                <Disk ovf:diskId="three" ovf:capacity="2" ovf:capacityAllocationUnits="byte * 2^20"/>
              </DiskSection>
              <VirtualSystem ovf:id="web-01"/>
            </Envelope>
            """;

    @TempDir
    Path folder;

    private final MemoryVCenter vcenter = new MemoryVCenter();
    private byte[] first = new byte[0];
    private byte[] second = new byte[0];

    private void makeBackup() throws Exception {
        assumeTrue(isThere("qemu-img"), "install Debian package qemu-utils");
        var random = new Random(7);
        first = new byte[SIZE];
        second = new byte[SIZE];
        random.nextBytes(first);
        random.nextBytes(second);
        byte[] text = "kept from the second disk of the backup\0".getBytes(UTF_8);
        System.arraycopy(text, 0, second, TEXT_AT, text.length);
        Files.write(folder.resolve("one.raw"), first);
        Files.write(folder.resolve("two.raw"), second);
        run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", "one.raw",
                "web-1.vmdk");
        run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "two.raw", "web-2.qcow2");
        Files.writeString(folder.resolve("web.ovf"), DESCRIPTOR);
    }

    /// Makes the backup, runs it, has its guest write to all disks, and discards it.
    ///
    /// @return the overlays
    private List<Path> keptChangesOf(String backup) throws Exception {
        try (var server = RunningServer.start(folder, vcenter,
                "--vmfinalize.changes-directory=" + folder.resolve("changes"))) {
            server.as("alice", "ecila");
            var vm = server.post("/api/v1/instant-vms",
                    "{\"name\":\"web\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                            .formatted(folder.resolve(backup)));
            assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
            var disks = server.bean(Datastores.class).require("ds1").instantDisks("web").orElseThrow()
                    .disks();
            disks.get(0).write(ByteBuffer.wrap(bootSector()), 0);
            disks.get(1).write(ByteBuffer.wrap(new byte[]{1, 2, 3}), 100_000);
            disks.get(2).write(ByteBuffer.wrap(new byte[]{4, 5, 6}), 1 << 20);

            var answer = server.send("DELETE",
                    "/api/v1/instant-vms/%s?keepChanges=web/day-1".formatted(vm.text("id")), null);

            assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
            var kept = new ArrayList<Path>();
            answer.json().get("keptFiles").forEach(file -> kept.add(Path.of(file.asString())));
            return kept;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"web.ovf", "web.ova"})
    void eachDiskHasAnOverlayOnItsOwnImageAsQemuReadsIt(String backup) throws Exception {
        makeBackup();
        run("tar", "--format=ustar", "-cf", "web.ova", "web.ovf", "web-1.vmdk", "web-2.qcow2");

        var kept = keptChangesOf(backup);

        assertThat(kept).extracting(file -> file.getFileName().toString()).containsExactly("day-1-1.qcow2",
                "day-1-2.qcow2", "day-1-3.qcow2");
        System.arraycopy(bootSector(), 0, first, 0, bootSector().length);
        System.arraycopy(new byte[]{1, 2, 3}, 0, second, 100_000, 3);
        byte[] third = new byte[SIZE];
        System.arraycopy(new byte[]{4, 5, 6}, 0, third, 1 << 20, 3);
        var expected = List.of(first, second, third);
        for (int i = 0; i < expected.size(); i++) {
            run("qemu-img", "check", "-q", "-f", "qcow2", kept.get(i).toString());
            run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", kept.get(i).toString(), "seen.raw");
            assertThat(Arrays.mismatch(Files.readAllBytes(folder.resolve("seen.raw")), expected.get(i)))
                    .as("first byte that differs in disk %d", i).isEqualTo(-1);
            assertThat(Files.size(kept.get(i))).as("only changes").isLessThan(SIZE / 2);
        }
    }

    /// The boot sector is the guest's, on the first disk; what it prints in the end is the backup's, on the second.
    @Test
    void qemuBootsTheMachineFromItsOverlays() throws Exception {
        makeBackup();
        assumeTrue(isThere("qemu-system-x86_64"), "install Debian package qemu-system-x86");

        var kept = keptChangesOf("web.ovf");

        var machine = new ProcessBuilder("qemu-system-x86_64", "-accel", "tcg", "-m", "16", "-nodefaults",
                "-display", "none", "-serial", "stdio", "-drive", "if=ide,index=0,format=qcow2,file="
                        + kept.get(0),
                "-drive", "if=ide,index=1,format=qcow2,file=" + kept.get(1)).redirectErrorStream(true)
                .start();
        // A machine that prints nothing must not keep the test for ever.
        CompletableFuture.delayedExecutor(120, TimeUnit.SECONDS).execute(machine::destroyForcibly);
        try (var serial = machine.getInputStream()) {
            String printed = "booted from the first, kept from the second disk of the backup";
            assertThat(new String(serial.readNBytes(printed.length()), UTF_8)).isEqualTo(printed);
        } finally {
            machine.destroyForcibly();
        }
    }

    /// 16-bit code: reads sector 9 of the second disk with the BIOS (interrupt 0x13) to 0x7e00, then prints the text behind
    /// the code and that sector's to the serial port 0x3f8, and halts.
    private static byte[] bootSector() {
        byte[] code = HexFormat.of().parseHex("31c08ed88ec08ed0bc007cb80102b90900b600b281bb007ecd13"
                + "be357ce80900be007ee80300f4ebfdac84c07406baf803eeebf5c3");
        byte[] text = "booted from the first, \0".getBytes(UTF_8);
        byte[] sector = Arrays.copyOf(code, 512);
        System.arraycopy(text, 0, sector, code.length, text.length);
        sector[510] = 0x55;
        sector[511] = (byte) 0xaa;
        return sector;
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }

    private void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
    }
}
