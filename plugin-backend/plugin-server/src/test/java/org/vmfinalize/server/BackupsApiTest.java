package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.server.backup.BackupCatalog;
import tools.jackson.databind.JsonNode;

/// Which restore points are listed, and what is said of them.
class BackupsApiTest extends ApiTest {

    private static final String BACKUPS = "/api/v1/backups";

    BackupsApiTest() {
        super(0);
    }

    private static Path image(String name, int bytes) throws Exception {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(bytes);
        }
        return file;
    }

    private static JsonNode listed(String query) throws Exception {
        server.bean(BackupCatalog.class).refresh();
        var answer = server.get(BACKUPS + query);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> names(JsonNode page) {
        return page.get("items").valueStream().map(item -> item.get("vmName").asString()).toList();
    }

    @Test
    void aRestorePointIsListedWithItsDisksAndWhoRunsFromItUntilItIsGone() throws Exception {
        var file = image("one/mail-01.raw", 4096);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-01T10:00:00Z")));

        var point = listed("?vm=MAIL").get("items").get(0);

        assertThat(point.get("vmName").asString()).isEqualTo("mail-01");
        assertThat(point.get("format").asString()).isEqualTo("raw");
        assertThat(point.get("takenAt").asString()).isEqualTo("2026-11-01T10:00:00Z");
        assertThat(point.get("disks").get(0).get("sizeBytes").asLong()).isEqualTo(4096);
        assertThat(point.get("runningVms")).isEmpty();
        var id = point.get("id").asString();
        assertThat(server.get(BACKUPS + "/" + id).json()).isEqualTo(point);

        var vm = server.post("/api/v1/instant-vms",
                "{\"name\":\"mail-now\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(id));
        assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
        var inUse = listed("?vm=mail-01").get("items").get(0);
        assertThat(inUse.get("id").asString()).isEqualTo(id);
        assertThat(inUse.get("runningVms").get(0).get("name").asString()).isEqualTo("mail-now");
        assertThat(inUse.get("runningVms").get(0).get("startedBy").asString()).isEqualTo("alice");
        server.send("DELETE", "/api/v1/instant-vms/" + vm.text("id"), null);

        Files.delete(file);
        assertThat(names(listed("?vm=mail-01"))).isEmpty();
        assertThat(server.get(BACKUPS + "/" + id).problem()).isEqualTo("restore-point-not-found");
    }

    @Test
    void whatIsNoRestorePointIsNotListed() throws Exception {
        image("two/known.img", 4096);
        Files.writeString(image("two/notes.txt", 10), "no image");
        image("two/unknown", 4096);
        image("two/empty.raw", 0);
        image("two/.hidden.raw", 4096);
        image("two/known.img.lease-abc", 10);
        Files.write(image("two/broken.qcow2", 4), new byte[]{'Q', 'F', 'I', (byte) 0xfb});

        var page = listed("?limit=500");

        assertThat(names(page)).contains("known").doesNotContain("notes", "unknown", "empty", ".hidden",
                "broken");
    }

    @Test
    void theImagesOfAChainAreRestorePointsAndTheExtentsOfAVmdkAreNot() throws Exception {
        assumeTrue(Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "qemu-img"))),
                "needs qemu-img; install the Debian package qemu-utils");
        var chain = Files.createDirectories(folder.resolve("chain"));
        qemuImg(chain, "create", "-f", "qcow2", "full.qcow2", "1M");
        qemuImg(chain, "create", "-f", "qcow2", "-b", "full.qcow2", "-F", "qcow2", "inc.qcow2");
        qemuImg(chain, "create", "-f", "vmdk", "-o", "subformat=twoGbMaxExtentFlat", "split.vmdk", "1M");

        assertThat(names(listed("?limit=500"))).contains("full", "inc", "split").doesNotContain("split-f001");
    }

    private static void qemuImg(Path where, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void hundredsAreListedPageByPage() throws Exception {
        for (int i = 0; i < 300; i++) {
            image("many/many-%03d.raw".formatted(i), 512);
        }
        var first = listed("?vm=many-&limit=100");
        assertThat(first.get("total").asInt()).isEqualTo(300);
        assertThat(first.get("items")).hasSize(100);
        assertThat(names(first).getFirst()).isEqualTo("many-000");
        var last = listed("?vm=many-&limit=100&offset=250");
        assertThat(names(last)).hasSize(50).last().isEqualTo("many-299");
        assertThat(names(listed("?vm=many-&place=nowhere"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=501", "?offset=-1", "?limit=x"})
    void aPageThatCannotBeIsRefused(String query) throws Exception {
        assertThat(server.get(BACKUPS + query).problem()).isEqualTo("bad-request");
    }

    @Test
    void onlyWhoMayRunBackupsSeesThem() throws Exception {
        vcenter.missingPrivileges.add("vmfinalize.RunFromBackup");
        assertThat(server.get(BACKUPS).problem()).isEqualTo("forbidden");
        assertThat(server.asNobody().get(BACKUPS).problem()).isEqualTo("unauthorized");
    }
}
