package org.vmfinalize.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.digest.DigestTree;
import org.vmfinalize.digest.Leaves;
import picocli.CommandLine;

class SignedReceiptTest {

    private static final int LEAF = 64 << 10;
    private static final int SIZE = 5 * LEAF + 512;
    private static final KeyPair KEY = Ed25519.generate();

    @TempDir
    Path folder;

    private final byte[] content = new byte[SIZE];
    private Path disk;

    @BeforeEach
    void makeDisk() throws IOException {
        new Random(4).nextBytes(content);
        Arrays.fill(content, LEAF, 3 * LEAF, (byte) 0);
        Files.createDirectories(folder.resolve("web-01"));
        disk = Files.write(folder.resolve("web-01/d-flat.vmdk"), content);
    }

    private Receipt receipt(int... unsettled) throws Exception {
        var leaves = Leaves.of(SIZE);
        byte[] digests = new byte[leaves.count() * 32];
        var locators = ByteBuffer.allocate(leaves.count() * 32);
        for (int i = 0; i < leaves.count(); i++) {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((byte) 0);
            sha256.update(content, (int) leaves.range(i).start(), (int) leaves.range(i).length());
            System.arraycopy(sha256.digest(), 0, digests, i * 32, 32);
            for (int block = 0; block < 16; block++) {
                int at = (int) Math.min(leaves.range(i).end(), leaves.range(i).start() + block * 4096L);
                var crc = new CRC32C();
                crc.update(content, at, (int) Math.min(4096, leaves.range(i).end() - at));
                locators.putShort((short) (crc.getValue() >> 16 ^ crc.getValue()));
            }
        }
        var open = new BitSet();
        for (int leaf : unsettled) {
            open.set(leaf);
        }
        var tree = TreeForm.of(new DigestTree(leaves, digests, locators.array(), open),
                Files.getLastModifiedTime(disk).toInstant());
        return new Receipt(Receipt.FORMAT, Receipt.VERSION, "7d0e4b0c-0d2c-4f0e-8f5c-0123456789ab",
                new Receipt.Vm("vm-51", "Käse & <Brot> \"\\\n€"), "ds1",
                new Receipt.Backup("/backups/a.qcow2", "qcow2", "id"), "thin", Instant.EPOCH,
                Instant.parse("2026-11-25T19:40:00.123Z"), new Receipt.History(1, 2, 3456), true,
                List.of(new Receipt.Disk("d", "web-01/d-flat.vmdk", SIZE, new Receipt.Blocks(4096, 40, 9, 32),
                        tree)));
    }

    private Path signed(Receipt receipt) throws IOException {
        return Files.write(folder.resolve("receipt.json"), SignedReceipt.sign(receipt, KEY));
    }

    private record Run(int status, String out, String err) {}

    private static Run run(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = new CommandLine(new VerifyCommand()).setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, _, _) -> {
                    err.write(String.valueOf(failure.getMessage()));
                    return 1;
                }).execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    @Test
    void whatWasSignedIsRead() throws Exception {
        var receipt = receipt(4);

        var read = SignedReceipt.read("r", SignedReceipt.sign(receipt, KEY));

        assertThat(read.receipt()).isEqualTo(receipt);
        assertThat(read.signer()).isEqualTo(KEY.getPublic());
        var form = Objects.requireNonNull(receipt.disks().getFirst().tree());
        assertThat(form.leaves()).extracting(Receipt.Run::first).containsExactly(0, 3, 5);
        assertThat(form.unsettled()).containsExactly(new Receipt.Span(4, 1));
        assertThat(TreeForm.read(SIZE, form).isZeros(2)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"vm-51, vm-52", "thin, think", "3456, 3457", "\"first\" : 3, \"first\" : 4"})
    void aChangedReceiptIsRefused(String from, String to) throws Exception {
        var text = new String(SignedReceipt.sign(receipt(), KEY), StandardCharsets.UTF_8);
        assertThat(text).contains(from);

        assertThatIOException()
                .isThrownBy(() -> SignedReceipt.read("r.json",
                        text.replace(from, to).getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("r.json: receipt: its signature must be right but is wrong");
    }

    @Test
    void formatAndOrderOfTheTextDoNotMatter() throws Exception {
        var text = new String(SignedReceipt.sign(receipt(), KEY), StandardCharsets.UTF_8);
        String dense = text.replaceAll("\\s*\\R\\s*", "");

        assertThat(SignedReceipt.read("r", dense.getBytes(StandardCharsets.UTF_8)).receipt())
                .isEqualTo(receipt());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"{};must be a receipt", "[];must be a receipt", "x;is wrong",
            "{\"format\":\"vm-finalize receipt\",\"version\":2};version must be 1 but was 2",
            "{\"format\":\"vm-finalize receipt\",\"version\":1};must have a signature"})
    void whatIsNoReceiptIsRefused(String text, String why) {
        assertThatIOException()
                .isThrownBy(() -> SignedReceipt.read("r", text.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining(why);
    }

    /// OpenSSL and Python's json, which know nothing of this program, are the judges of signature and canonical form.
    @Test
    void otherProgramsFindTheSignatureRight() throws Exception {
        assumeThat(works("openssl", "version")).as("openssl is missing (Debian: openssl)").isTrue();
        assumeThat(works("python3", "--version")).as("python3 is missing (Debian: python3)").isTrue();
        var receipt = signed(receipt(4));
        Files.writeString(folder.resolve("key.pem"), Ed25519.pem(KEY.getPublic()));
        var script = Files.writeString(folder.resolve("split.py"), """
                import base64, json, sys
                receipt = json.load(open(sys.argv[1], encoding='utf-8'))
                signature = receipt.pop('signature')
                open('signature', 'wb').write(base64.b64decode(signature['value']))
                text = json.dumps(receipt, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
                open('message', 'wb').write(text.encode())
                """);

        assertThat(works("python3", script.toString(), receipt.toString())).isTrue();
        assertThat(works("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in",
                "message",
                "-sigfile", "signature")).isTrue();
        Files.writeString(folder.resolve("message"), "{}");
        assertThat(works("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in",
                "message",
                "-sigfile", "signature")).isFalse();
    }

    private boolean works(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile()).start().waitFor() == 0;
        } catch (IOException _) {
            return false; // there is no such program
        }
    }

    @Test
    void theCommandFindsADiskRight() throws Exception {
        var receipt = signed(receipt());
        var key = Files.writeString(folder.resolve("key.pem"), Ed25519.pem(KEY.getPublic()));

        assertThat(run(receipt, disk)).isEqualTo(new Run(0,
                "disk d: right, as it was when it was sealed" + System.lineSeparator(), ""));
        assertThat(run(receipt, "--datastore", folder, "--key", key).status()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 4096", "65535, 61440, 4096", "70000, 69632, 4096", "327680, 327680, 512"})
    void theCommandNamesAByteThatWasFlipped(int position, long offset, long length) throws Exception {
        var receipt = signed(receipt());
        flip(position);

        var found = run(receipt, disk);

        assertThat(found.status()).isOne();
        assertThat(found.out()).contains("wrong", "%d bytes at %d".formatted(length, offset),
                "its file was written since");
    }

    private void flip(int position) throws IOException {
        try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(position);
            file.write(content[position] ^ 1);
        }
    }

    @Test
    void damageThatNobodyWroteIsToldFromAWrite() throws Exception {
        var receipt = signed(receipt());
        FileTime before = Files.getLastModifiedTime(disk);
        flip(9);
        Files.setLastModifiedTime(disk, before);

        assertThat(run(receipt, disk).out()).contains("so its storage has damaged it");
    }

    @Test
    void ofWhatTheGuestWasWritingNothingIsSaid() throws Exception {
        var receipt = signed(receipt(4));
        flip(4 * LEAF + 1);

        var found = run(receipt, disk);

        assertThat(found.status()).isZero();
        assertThat(found.out()).contains("right", "of 1 leaves nothing is known");
    }

    @Test
    void whatTheCommandCannotCheckItSays() throws Exception {
        var receipt = signed(receipt());
        var other = Files.writeString(folder.resolve("other.pem"),
                Ed25519.pem(Ed25519.generate().getPublic()));

        assertThat(run(receipt, "--key", other, disk).err()).contains("must be signed with the key");
        assertThat(run(receipt, folder.resolve("none")).err()).contains("disk d: its file must be",
                "there is none");
        assertThat(run(folder.resolve("none.json")).err()).contains("none.json: must be a file");
        assertThat(run().status()).isEqualTo(2);
        try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(SIZE - 1);
        }
        assertThat(run(receipt, disk).err()).contains("must have the disk's 328192 bytes but has 328191");
    }
}
