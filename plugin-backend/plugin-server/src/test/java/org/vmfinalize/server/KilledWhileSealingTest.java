package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.receipts.Receipt;
import org.vmfinalize.receipts.SignedReceipt;
import org.vmfinalize.server.datastore.Datastores;

/// A server that is killed at any step between the last proof of its disks and the end of the job: the next one has a
/// receipt with the digests of all disks.
///
/// Each step's kill is a copy of all that lies on disk at that step, taken by the thread that does it, while nothing else
/// changes a file.
@Timeout(240)
class KilledWhileSealingTest {

    private static final String FINALIZATIONS = "/api/v1/finalizations";
    private static final int SIZE = 1 << 20;

    @TempDir
    static Path folder;

    /// What lay on disk, and in vCenter, when the server was killed.
    private record Remains(Path folder, MemoryVCenter vcenter) {}

    private final Map<String, Remains> kills = new LinkedHashMap<>();
    private final MemoryVCenter vcenter = new MemoryVCenter();
    private volatile @Nullable RunningServer server;
    private String id = "";

    @TestFactory
    Stream<DynamicTest> theNextServerIssuesTheReceipt() throws Exception {
        makeBackup();
        try (var first = RunningServer.start(folder, vcenter, watched(Volume.class, Volume.local()))
                .as("alice", "ecila")) {
            var vm = first.post("/api/v1/instant-vms",
                    "{\"name\":\"vm\",\"backup\":\"%s\",\"datastore\":\"ds1\"}"
                            .formatted(folder.resolve("backup.yaml")));
            assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
            first.bean(Datastores.class).require("ds1").instantDisks("vm").orElseThrow().disks().getLast()
                    .write(ByteBuffer.wrap(new byte[]{1, 2, 3}), 5 * 4096 - 1);
            vcenter.failing.put("clearManagedBy", "HostNotConnected");
            server = first;
            id = first.post(FINALIZATIONS, "{\"vm\":\"%s\",\"verify\":true}".formatted(vm.text("id")))
                    .text("id");
            first.await(id, view -> view.get("backupReleased").asBoolean() && hasReceipt(first));
            kill("before vCenter knows");
            server = null;
        }

        assertThat(kills.keySet()).containsSubsequence("before rename disk-0", "after rename disk-0",
                "before rename disk-1", "after rename disk-1", "after rename .finished",
                "after delete .finished", "before vCenter knows");
        return kills.entrySet().stream()
                .map(kill -> DynamicTest.dynamicTest(kill.getKey(), () -> goOn(kill.getValue())));
    }

    private boolean hasReceipt(RunningServer running) {
        return Files.exists(running.data.resolve("receipts/" + id + ".json"));
    }

    private static void makeBackup() throws IOException {
        byte[] content = new byte[SIZE];
        for (int i = 0; i < 2; i++) {
            new Random(i).nextBytes(content);
            Arrays.fill(content, SIZE / 2, SIZE * 3 / 4, (byte) 0);
            Files.write(folder.resolve("disk" + i), content);
        }
        Files.writeString(folder.resolve("backup.yaml"), """
                vmFinalizeBackup: 1
                processors: 2
                memory: 64 MiB
                disks: [{file: disk0, format: raw}, {file: disk1, format: raw}]
                """);
    }

    /// Has a server be killed before and after each step of sealing.
    private <T> T watched(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> {
                    String step = switch (method.getName()) {
                        case "rename" -> step("rename", (Path) arguments[1]);
                        case "delete" -> step("delete", (Path) arguments[0]);
                        default -> "";
                    };
                    try {
                        killUnlessEmpty("before ", step);
                        Object result = method.invoke(real, arguments);
                        killUnlessEmpty("after ", step);
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static String step(String what, Path path) {
        String name = path.getFileName().toString();
        return what.equals("rename") && name.endsWith(".sealed")
                ? "rename " + name.replace(".sealed", "")
                : name.endsWith(".finished") ? what + " .finished" : "";
    }

    private void killUnlessEmpty(String when, String step) throws Exception {
        if (!step.isEmpty() && server != null) {
            kill(when + step);
        }
    }

    private void kill(String step) throws Exception {
        var running = server;
        if (running == null) {
            throw new AssertionError("no server is to be killed at this step: " + step);
        }
        Path remains = folder.resolve("kill-" + kills.size());
        copy(running.datastore, remains.resolve("ds1"));
        copy(running.data, remains.resolve("data"));
        copyDatabase(running.bean(DataSource.class), remains);
        kills.put(step, new Remains(remains, vcenter.copy()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                if (!file.toString().endsWith(".db")) {
                    Path target = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    /// What is committed: the database's own thread may be writing its file.
    private static void copyDatabase(DataSource database, Path remains) throws SQLException, IOException {
        Path zip = remains.resolve("jobs.zip");
        try (var connection = database.getConnection(); var statement = connection.createStatement()) {
            statement.execute("BACKUP TO '%s'".formatted(zip));
        }
        try (var files = new ZipInputStream(Files.newInputStream(zip))) {
            for (var file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
                Files.copy(files, remains.resolve("data").resolve(file.getName()));
            }
        }
    }

    private void goOn(Remains remains) throws Exception {
        try (var next = RunningServer.start(remains.folder, remains.vcenter,
                "--vmfinalize.backup-directories[1]=" + folder).as("alice", "ecila")) {
            var last = next.events(FINALIZATIONS + "/" + id + "/events").getLast();

            assertThat(last.get("state").asString()).as("%s", last).isEqualTo("completed");
            assertThat(last.get("disks")).hasSize(2);
            assertThat(last.get("totalBytes").asLong()).isEqualTo(2 * SIZE * 3 / 4);
            assertComplete(SignedReceipt.read("receipt", next.get(FINALIZATIONS + "/" + id + "/receipt")
                    .response().body().getBytes(StandardCharsets.UTF_8)).receipt());
            assertThat(next.data.resolve("receipts/" + id + ".sealing")).doesNotExist();
            assertThat(verified(next)).isEqualTo("right");
        }
    }

    private static void assertComplete(Receipt receipt) {
        assertThat(receipt.verified()).isTrue();
        assertThat(receipt.backup()).isNotNull();
        assertThat(receipt.disks()).extracting(Receipt.Disk::name).containsExactly("disk-0", "disk-1");
        assertThat(receipt.disks()).allSatisfy(disk -> {
            assertThat(disk.tree()).isNotNull();
            assertThat(disk.blocks()).isNotNull();
        });
        assertThat(receipt.disks().getLast().blocks()).extracting(Receipt.Blocks::guest).isEqualTo(2L);
    }

    private String verified(RunningServer next) throws Exception {
        String path = FINALIZATIONS + "/" + id + "/verification";
        assertThat(next.post(path, null).status()).isEqualTo(202);
        while (next.get(path).text("state").equals("running")) {
            Thread.onSpinWait();
        }
        return next.get(path).text("state");
    }
}
