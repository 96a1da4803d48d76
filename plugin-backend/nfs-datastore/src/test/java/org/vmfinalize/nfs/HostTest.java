package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.InstantDisks;

/// What an ESXi host does with a datastore, as far as it is documented: locks, swap, the configuration and logs beside a live
/// disk, while that is finalized.
class HostTest {

    private static final int NOENT = 2;
    private static final int EXIST = 17;
    private static final int SIZE = 2 << 20;
    private static final int LOCK_BYTES = 84;

    @TempDir
    private Path directory;
    private TestExport export;
    private InstantDisks instant;
    private Nfs3Client host;
    private byte[] root;
    private byte[] folder;
    private byte[] flat;

    @BeforeEach
    void start() throws IOException {
        var backup = new TestBackup(TestBackup.mixed(SIZE, 17));
        export = new TestExport(directory, _ -> backup);
        instant = export.datastore().create("web", BackupReference.at("memory"));
        host = export.client();
        root = host.mount("/ds").handle();
        folder = host.lookup(root, "web").handle();
        flat = host.lookup(folder, instant.disks().getFirst().flatFile().getFileName().toString()).handle();
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        export.close();
    }

    /// `.lck-` and the file's id in little-endian hexadecimal digits.
    private String lockOf(byte[] file) throws IOException {
        long id = host.attributes(file).fileid();
        return ".lck-%016x"
                .formatted(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(id).getLong(0));
    }

    private byte[] lock(byte[] file, String owner, long verifier) throws IOException {
        var made = host.createExclusive(folder, lockOf(file), verifier);
        assertThat(made.status()).isZero();
        renew(made.handle(), owner);
        return made.handle();
    }

    private void renew(byte[] lock, String owner) throws IOException {
        byte[] content = Arrays.copyOf(owner.getBytes(StandardCharsets.US_ASCII), LOCK_BYTES);
        assertThat(host.write(lock, 0, content, Nfs3Client.FILE_SYNC).committed())
                .isEqualTo(Nfs3Client.FILE_SYNC);
    }

    @Test
    void aLockKeepsOthersOutAndLastsThroughFinalizationAndRestart() throws Exception {
        byte[] lock = lock(flat, "esx-1", 1);
        String name = lockOf(flat);
        assertThat(host.createExclusive(folder, name, 2).status()).isEqualTo(EXIST);

        Hydration.hydrateAndSeal(instant);
        renew(lock, "esx-1");
        assertThat(lockOf(flat)).isEqualTo(name);
        host.close();
        export.restart();
        host = export.client();

        assertThat(lockOf(flat)).isEqualTo(name);
        renew(lock, "esx-1");
        // A short file read with a whole sector's count: ESXi takes anything but "end of file" for an error.
        var read = host.read(lock, 0, 512);
        assertThat(read.eof()).isTrue();
        assertThat(read.data()).hasSize(LOCK_BYTES).startsWith("esx-1".getBytes(StandardCharsets.US_ASCII));
        assertThat(host.createExclusive(folder, name, 2).status()).isEqualTo(EXIST);
        assertThat(host.remove(folder, name)).isZero();
        assertThat(host.createExclusive(folder, name, 2).status()).isZero();
    }

    @Test
    void exclusiveCreationsAreToldApartByAllBitsOfTheirVerifier() throws IOException {
        assertThat(host.createExclusive(folder, "a", 0x8000_0000_0000_0001L).status()).isZero();
        assertThat(host.createExclusive(folder, "a", 1).status()).isEqualTo(EXIST);
        assertThat(host.createExclusive(folder, "a", 0x8000_0000_8000_0001L).status()).isEqualTo(EXIST);
        assertThat(host.createExclusive(folder, "a", 0x8000_0000_0000_0001L).status()).isZero();
    }

    @Test
    void theConfigurationIsReplacedInOneStep() throws IOException {
        byte[] old = write("web.vmx", "old");
        byte[] fresh = write("web.vmx~", "new");

        assertThat(host.rename(folder, "web.vmx~", folder, "web.vmx")).isZero();

        assertThat(host.lookup(folder, "web.vmx").handle()).isEqualTo(fresh);
        assertThat(host.lookup(folder, "web.vmx~").status()).isEqualTo(NOENT);
        assertThat(host.getattr(old).status()).isEqualTo(70);
        assertThat(host.read(fresh, 0, 512).data()).isEqualTo("new".getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] write(String name, String text) throws IOException {
        byte[] file = host.create(folder, name).handle();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(host.write(file, 0, bytes, Nfs3Client.FILE_SYNC).status()).isZero();
        return file;
    }

    @Test
    void logsAreRotatedAndSwapComesAndGoes() throws IOException {
        for (int i = 0; i < 3; i++) {
            byte[] log = write("vmware.log", "log " + i);
            assertThat(host.rename(folder, "vmware.log", folder, "vmware-%d.log".formatted(i))).isZero();
            assertThat(host.write(log, 5, new byte[]{'+'}, Nfs3Client.FILE_SYNC).status()).isZero();
            assertThat(host.attributes(host.lookup(folder, "vmware-%d.log".formatted(i)).handle()).size())
                    .isEqualTo(6);
        }
        byte[] swap = host.create(folder, "web-1a2b3c4d.vswp").handle();
        assertThat(host.setSize(swap, 4L << 30)).isZero();
        assertThat(host.attributes(swap).used()).isLessThan(1 << 20);
        assertThat(host.write(swap, 3L << 30, new byte[4096], Nfs3Client.UNSTABLE).status()).isZero();
        assertThat(host.remove(folder, "web-1a2b3c4d.vswp")).isZero();
        assertThat(host.read(swap, 0, 4096).status()).isEqualTo(70);
    }

    @Test
    void aGuestThatWritesThroughPlannedRestartsLosesNothingAndHasNothingToSendAgain() throws IOException {
        byte[] expected = TestBackup.mixed(SIZE, 17);
        long verifier = host.commit(flat).verifier();
        for (int life = 0; life < 3; life++) {
            for (int i = 0; i < 20; i++) {
                byte[] data = {(byte) life, (byte) i};
                int at = (life * 20 + i) * 20_000 + 77;
                assertThat(host.write(flat, at, data, Nfs3Client.UNSTABLE).verifier()).isEqualTo(verifier);
                System.arraycopy(data, 0, expected, at, data.length);
            }
            host.close();
            export.restart();
            host = export.client();
            assertThat(host.commit(flat).verifier()).isEqualTo(verifier);
        }
        for (int at = 0; at < SIZE; at += 1 << 20) {
            assertThat(host.read(flat, at, 1 << 20).data())
                    .isEqualTo(Arrays.copyOfRange(expected, at, at + (1 << 20)));
        }
    }
}
