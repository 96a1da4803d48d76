package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.providers.BackupProviders;

/// The bundle of the example that `docs/writing-a-format.md` explains, dropped into a running server.
class ExampleFormatTest {

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aVmRunsFromABackupWhoseFormatWasDroppedIn() throws Exception {
        var providers = Files.createDirectory(folder.resolve("providers"));
        byte[] content = new byte[2 << 20];
        new Random(4).nextBytes(content);
        Files.write(folder.resolve("disk.raw.aa"), Arrays.copyOf(content, 1_500_000));
        Files.write(folder.resolve("disk.raw.ab"), Arrays.copyOfRange(content, 1_500_000, content.length));
        var list = Files.writeString(folder.resolve("disk.split"),
                "split-raw 1\n1500000 disk.raw.aa\n%d disk.raw.ab\n".formatted(content.length - 1_500_000));
        try (var server = RunningServer.start(folder, new MemoryVCenter(), "--vmfinalize.providers-directory="
                + providers)) {
            server.as("alice", "ecila");
            var coming = Files.copy(Path.of("target/example-format/example-format.jar"), folder.resolve(
                    "coming.jar"));
            Files.move(coming, providers.resolve("example-format.jar"), StandardCopyOption.ATOMIC_MOVE);
            while (!server.get("/api/v1/providers").response().body().contains("split-raw")) {
                Thread.onSpinWait();
            }

            var answer = server.post("/api/v1/instant-vms",
                    "{\"name\":\"split\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(list));

            assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
            var vm = server.get("/api/v1/instant-vms/" + answer.text("id")).json();
            assertThat(vm.get("backup").get("format").asString()).isEqualTo("split-raw");
            var provider = server.get("/api/v1/providers").json().get("items").valueStream()
                    .filter(item -> item
                            .get("file").asString().equals("example-format.jar"))
                    .findFirst().orElseThrow();
            assertThat(provider.get("state").asString()).isEqualTo("active");
            assertThat(provider.get("openBackups").asInt()).isEqualTo(1);
            try (var backup = server.bean(BackupProviders.class).open(BackupReference.at(list.toString()))) {
                byte[] all = new byte[content.length];
                backup.disks().getFirst().read(ByteBuffer.wrap(all), 0);
                assertThat(all).isEqualTo(content);
            }
        }
    }
}
