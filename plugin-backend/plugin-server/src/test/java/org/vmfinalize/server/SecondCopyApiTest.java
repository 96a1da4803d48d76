package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmfinalize.server.datastore.Datastores;

/// A second copy of a restore point, over real HTTPS and with real files.
@Timeout(120)
class SecondCopyApiTest extends ApiTest {

    private static final int SIZE = 4 << 20;

    SecondCopyApiTest() {
        super(SIZE);
    }

    private static Path image(String name, byte[] bytes) throws Exception {
        return Files.write(folder.resolve(name), bytes);
    }

    private static RunningServer.Answer run(String name, Path backup, String more) throws Exception {
        return server.post(INSTANT_VMS, "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"%s}"
                .formatted(name, backup, more));
    }

    @Test
    void takesOverWhenTheFirstIsGone() throws Exception {
        var first = image(name + "-a.raw", content);
        var second = image(name + "-b.raw", content);
        var vm = run(name, first, ",\"secondCopy\":\"%s\"".formatted(second));
        assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
        assertThat(vm.json().get("backup").get("secondCopy").get("location").asString())
                .isEqualTo(second.toString());
        assertThat(vm.json().get("backup").get("secondCopy").get("inUse").asBoolean()).isFalse();

        // Cut, not deleted: what is open would still be readable.
        Files.write(first, new byte[0]);
        var job = server.post("/api/v1/finalizations",
                "{\"vm\":\"%s\",\"verify\":true}".formatted(vm.text("id")));
        assertThat(job.status()).as(job.response().body()).isEqualTo(202);
        var last = server.events("/api/v1/finalizations/" + job.text("id") + "/events").getLast();

        assertThat(last.get("state").asString()).as("%s", last).isEqualTo("completed");
        assertThat(server.datastore.resolve(name).resolve("disk-0-flat.vmdk")).hasBinaryContent(content);
    }

    @Test
    void canBeNamedWhileTheVmRuns() throws Exception {
        var vm = run(name, image(name + "-a.raw", content), "").text("id");
        var second = image(name + "-b.raw", content);

        var answer = server.send("PUT", INSTANT_VMS + "/" + vm + "/second-copy",
                "{\"location\":\"%s\"}".formatted(second));

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(204);
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("backup").get("secondCopy").get("location")
                .asString())
                .isEqualTo(second.toString());
    }

    @Test
    void anotherRestorePointIsRefusedWithTheReasonAndNothingIsLeft() throws Exception {
        byte[] other = content.clone();
        for (int at = 0; at < SIZE; at += 16_384) {
            other[at] ^= 1;
        }
        var first = image(name + "-a.raw", content);
        var second = image(name + "-b.raw", other);

        var refused = run(name, first, ",\"secondCopy\":\"%s\"".formatted(second));

        assertThat(refused.problem()).isEqualTo("backup-mismatch");
        assertThat(refused.text("detail")).contains(second.toString(), "other content");
        assertThat(server.bean(Datastores.class).require("ds1").instantDisks(name)).isEmpty();
        var vm = run(name, first, "").text("id");
        assertThat(server.send("PUT", INSTANT_VMS + "/" + vm + "/second-copy",
                "{\"location\":\"%s\"}".formatted(second)).problem()).isEqualTo("backup-mismatch");
        assertThat(server.send("PUT", INSTANT_VMS + "/" + vm + "/second-copy",
                "{\"location\":\"/etc/passwd\"}").problem()).isEqualTo("backup-not-allowed");
        assertThat(server.get(INSTANT_VMS + "/" + vm).json().get("backup").get("secondCopy").isNull())
                .isTrue();
    }
}
