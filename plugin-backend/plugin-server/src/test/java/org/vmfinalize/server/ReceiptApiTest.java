package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmfinalize.receipts.Ed25519;
import org.vmfinalize.receipts.SignedReceipt;
import org.vmfinalize.server.datastore.Datastores;
import tools.jackson.databind.JsonNode;

/// Receipts over real HTTPS, of real disks.
@Timeout(120)
class ReceiptApiTest extends ApiTest {

    private static final int SIZE = 4 << 20;
    private static final String EACH = FINALIZATIONS + "/";

    ReceiptApiTest() {
        super(SIZE);
    }

    @Override
    void prepare() throws Exception {
        Arrays.fill(content, 1 << 20, 2 << 20, (byte) 0);
        Files.write(backup, content);
    }

    @Override
    List<String> settings() {
        return List.of("--spring.lifecycle.timeout-per-shutdown-phase=1s");
    }

    private static String finalized(String more) throws Exception {
        var name = newName();
        var vm = server.post("/api/v1/instant-vms",
                "{\"name\":\"%s\",\"backup\":\"%s\",\"datastore\":\"ds1\"}".formatted(name, backup));
        assertThat(vm.status()).as(vm.response().body()).isEqualTo(201);
        server.bean(Datastores.class).require("ds1").instantDisks(name).orElseThrow().disks().getFirst()
                .write(ByteBuffer.wrap(new byte[]{1, 2, 3}), 5 * 4096 - 1);
        var job = server.post("/api/v1/finalizations",
                "{\"vm\":\"%s\"%s}".formatted(vm.text("id"), more));
        assertThat(job.status()).as(job.response().body()).isEqualTo(202);
        var last = server.events(EACH + job.text("id") + "/events").getLast();
        assertThat(last.get("state").asString()).as("%s", last).isEqualTo("completed");
        return job.text("id");
    }

    private static JsonNode verified(String id) throws Exception {
        assertThat(server.post(EACH + id + "/verification", null).status()).isEqualTo(202);
        while (true) {
            var found = server.get(EACH + id + "/verification").json();
            if (!found.get("state").asString().equals("running")) {
                return found;
            }
            Thread.onSpinWait();
        }
    }

    private static void flip(String id, long position) throws Exception {
        var receipt = server.get(EACH + id + "/receipt").json();
        var flat = server.datastore.resolve(receipt.get("disks").get(0).get("file").asString());
        try (var file = new RandomAccessFile(flat.toFile(), "rw")) {
            file.seek(position);
            int old = file.read();
            file.seek(position);
            file.write(old ^ 1);
        }
    }

    @Test
    void aVerifiedFinalizationGivesASignedReceiptThatOutlivesARestart() throws Exception {
        var id = finalized(",\"verify\":true");

        var view = server.get(EACH + id).json();
        assertThat(view.get("receipt").asString()).isEqualTo(EACH + id + "/receipt");
        var text = server.get(EACH + id + "/receipt").response().body();
        var signed = SignedReceipt.read("receipt", text.getBytes(StandardCharsets.UTF_8));
        var key = server.asNobody().get("/api/v1/receipt-key").response().body();
        assertThat(Ed25519.publicKey(key)).isEqualTo(signed.signer());
        assertThat(Files.readString(folder.resolve("data/receipt-key.pem"))).isEqualTo(key);
        assertThat(signed.receipt().verified()).isTrue();
        assertThat(signed.receipt().history().pauses()).isZero();
        var blocks = Objects.requireNonNull(signed.receipt().disks().getFirst().blocks());
        assertThat(blocks.guest()).isEqualTo(2);
        assertThat(blocks.zeros()).isEqualTo(256);
        assertThat(blocks.backup()).isEqualTo(1024 - 256 - 2);

        restartServer();
        assertThat(server.get(EACH + id + "/receipt").response().body()).isEqualTo(text);
        assertThat(verified(id).get("state").asString()).isEqualTo("right");
    }

    @Test
    void aFlippedByteIsNamed() throws Exception {
        var id = finalized(",\"verify\":true");
        flip(id, 3_333_333);

        var found = verified(id);

        assertThat(found.get("state").asString()).isEqualTo("wrong");
        var disk = found.get("disks").get(0);
        assertThat(disk.get("wrong").get("offset").asLong()).isEqualTo(3_333_333 / 4096 * 4096);
        assertThat(disk.get("wrong").get("length").asLong()).isEqualTo(4096);
        assertThat(disk.get("text").asString()).contains("wrong", "4096 bytes at 3330048");
        flip(id, 3_333_333);
        assertThat(verified(id).get("state").asString()).isEqualTo("right");
    }

    @Test
    void withoutVerifyingThereIsAReceiptWithoutDigests() throws Exception {
        var id = finalized("");

        var receipt = server.get(EACH + id + "/receipt").json();

        assertThat(receipt.get("verified").asBoolean()).isFalse();
        assertThat(receipt.get("disks").get(0).get("tree").isNull()).isTrue();
        assertThat(receipt.get("disks").get(0).get("blocks").get("guest").asLong()).isEqualTo(2);
        assertThat(server.post(EACH + id + "/verification", null).problem())
                .isEqualTo("invalid-state");
        assertThat(server.get(EACH + id + "/verification").problem()).isEqualTo("not-found");
    }

    @Test
    void onlyWhoMayFinalizeMayHaveDisksRead() throws Exception {
        var id = finalized(",\"verify\":true");
        vcenter.missingPrivileges.add("vmfinalize.Finalize");

        assertThat(server.post(EACH + id + "/verification", null).problem()).isEqualTo("forbidden");

        vcenter.missingPrivileges.clear();
        assertThat(server.get(EACH + "nothing/receipt").problem())
                .isEqualTo("finalization-not-found");
        assertThat(server.asNobody().get(EACH + id + "/receipt").problem())
                .isEqualTo("unauthorized");
        server.as("alice", "ecila");
    }
}
