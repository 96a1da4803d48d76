package org.vmfinalize.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a backup far away is asked for while two machines whose disks share an image are finalized.
@Timeout(180)
class FarBackupTest {

    private static final int MIB = 1 << 20;

    /// Of the disk.
    private static final int SIZE_MIB = 96;

    /// What is asked for at the same time, by both machines, and comes in any order.
    private static final long IN_FLIGHT = 40L * MIB;

    /// Requests of the cache begin at multiples of this.
    private static final int CACHE_BLOCK = 256 << 10;

    @TempDir
    Path folder;

    private Path files;
    private BucketServer web;
    private RunningServer server;

    /// A disk whose last MiB comes first in the file, and two machines whose disks are on top of it.
    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "install Debian package qemu-utils");
        files = Files.createDirectories(folder.resolve("files"));
        run("qemu-img", "create", "-q", "-f", "qcow2", "base.qcow2", SIZE_MIB + "M");
        var write = new ArrayList<>(List.of("qemu-io", "-f", "qcow2"));
        for (int i = SIZE_MIB - 1; i >= 0; i--) {
            write.addAll(List.of("-c", "write -P %d %dM 1M".formatted(1 + i, i)));
        }
        write.add("base.qcow2");
        run(write.toArray(String[]::new));
        for (var name : List.of("one", "two")) {
            run("qemu-img", "create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2",
                    name + ".qcow2");
        }
        web = new BucketServer(folder.resolve("files"));
        server = RunningServer.start(folder.resolve("server"), new MemoryVCenter(),
                "--vmfinalize.places[0].name=web", "--vmfinalize.places[0].uri=" + web.uri() + "/",
                "--vmfinalize.place-cache.size=1GB");
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
        var process = new ProcessBuilder(command).directory(files.toFile()).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.onExit().join().exitValue()).as("%s said: %s", List.of(command), output).isZero();
    }

    private String running(String name) throws Exception {
        var answer = server.post("/api/v1/instant-vms",
                "{\"name\":\"%s\",\"backup\":\"%s/%s.qcow2\",\"datastore\":\"ds1\"}".formatted(name,
                        web.uri(), name));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.text("id");
    }

    private String finalizing(String vm) throws Exception {
        return server.post("/api/v1/finalizations", "{\"vm\":\"%s\"}".formatted(vm)).text("id");
    }

    @Test
    void readsGoOutSixteenAtOnceInTheOrderOfTheFileAndOnceForBothMachines() throws Exception {
        var machines = List.of(running("one"), running("two"));
        int before = web.asked().size();
        web.answerTogether(16);

        var first = finalizing(machines.getFirst());
        // A second machine takes a share of the reads, and would wait for the same ones.
        web.awaitTogether();
        for (var job : List.of(first, finalizing(machines.getLast()))) {
            server.await(job, view -> view.get("state").asString().equals("completed"));
        }

        assertThat(web.mostAtOnce()).isGreaterThanOrEqualTo(16);
        var asked = web.asked().stream().skip(before).filter(one -> one.file().equals("base.qcow2"))
                .filter(one -> one.end() - one.start() > 1).toList();
        assertInOrder(asked);
        assertOnce(asked);
        assertContent("one");
        assertContent("two");
    }

    /// By the order of the disk the file would be read from its end.
    private static void assertInOrder(List<BucketServer.Asked> asked) {
        long farthest = 0;
        for (var one : asked) {
            assertThat(one.start()).as("asked for when %d had been", farthest)
                    .isGreaterThan(farthest - IN_FLIGHT);
            farthest = Math.max(farthest, one.start());
        }
    }

    private static void assertOnce(List<BucketServer.Asked> asked) {
        var blocks = new BitSet();
        for (var one : asked) {
            for (long at = one.start() / CACHE_BLOCK; at * CACHE_BLOCK < one.end(); at++) {
                assertThat(blocks.get((int) at)).as("block %d was asked for before", at).isFalse();
                blocks.set((int) at);
            }
        }
        assertThat(blocks.cardinality()).isGreaterThan(SIZE_MIB);
    }

    private void assertContent(String name) throws IOException {
        Path flat;
        try (var found = Files.list(server.datastore.resolve(name))) {
            flat = found.filter(file -> file.toString().endsWith("-flat.vmdk")).findFirst().orElseThrow();
        }
        try (var raw = new RandomAccessFile(flat.toFile(), "r")) {
            for (int i = 0; i < SIZE_MIB; i++) {
                raw.seek((long) i * MIB + 77);
                assertThat(raw.read()).as("a byte of MiB %d", i).isEqualTo(1 + i);
            }
        }
    }
}
