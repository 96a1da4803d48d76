package org.vmfinalize.lab.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmfinalize.lab.backup.BackupContent;

@Timeout(60)
class GuestTest {

    private static final int SIZE = (5 << 20) + 512;

    private final long seed = new Random().nextLong();
    private final BackupContent backup = new BackupContent(seed, SIZE);
    private ForgetfulFileServer server;

    @BeforeEach
    void startServer() throws IOException {
        System.out.println("seed " + seed);
        server = new ForgetfulFileServer(bytes(backup, SIZE));
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void readsAndWritesWithoutErrorAndLeavesWhatItSays() throws Exception {
        var guest = start();

        await(() -> guest.report().reads() > 100 && guest.report().writes() > 100);
        guest.stop();

        assertThat(guest.report().firstError()).isEmpty();
        assertThat(guest.report().errors()).isZero();
        assertThat(server.stableContent()).isEqualTo(bytes(guest.expectedDisk(), SIZE));
        assertThat(check(guest).isIdentical()).isTrue();
    }

    @Test
    void whatARestartedServerForgotIsSentAgainBeforeItIsRead() throws Exception {
        var guest = start();

        for (int restart = 0; restart < 3; restart++) {
            long writes = guest.report().writes();
            await(() -> guest.report().writes() > writes + 60);
            server.restart();
        }
        await(() -> guest.report().reconnects() >= 3);
        guest.stop();

        assertThat(server.lostWrites()).isPositive();
        assertThat(guest.report().sentAgain()).isPositive();
        assertThat(guest.report().firstError()).isEmpty();
        assertThat(server.stableContent()).isEqualTo(bytes(guest.expectedDisk(), SIZE));
    }

    @Test
    void aChangedWriteVerifierAloneMakesItSendAgain() throws Exception {
        var file = NfsFile.open(server.address(), "/datastore", java.util.List.of("disk"),
                (position, length) -> {
                    assertThat(position).isEqualTo(1024);
                    return filled(length, 7);
                });
        file.write(filled(512, 7), 1024, false, () -> {
        });
        server.forget();

        file.commit();
        file.close();

        assertThat(file.sentAgain()).isEqualTo(1);
        assertThat(server.stableContent()[1024]).isEqualTo((byte) 7);
    }

    @Test
    void aWrongByteIsFound() throws Exception {
        for (int position = 0; position < SIZE; position += 4096) {
            server.damage(position);
        }
        var guest = start();

        await(() -> guest.report().errors() > 0);
        guest.stop();

        assertThat(guest.report().firstError().orElseThrow()).startsWith("wrong byte at ");
        assertThat(check(guest).isIdentical()).isFalse();
    }

    @Test
    void theWholeDiskCheckNamesTheFirstWrongByte() throws Exception {
        server.damage(4_000_000);

        var check = DiskCheck.throughNfs(server.address(), "/datastore", "vm/disk-flat.vmdk", backup);

        assertThat(check.firstDifference()).hasValue(4_000_000);
        assertThat(check.actualSha256()).isNotEqualTo(check.expectedSha256());
    }

    @Test
    void refusesADiskOfAnotherSize() {
        assertThatIOException().isThrownBy(
                () -> Guest.start(server.address(), "/datastore", "disk", new BackupContent(1, 512),
                        new GuestPlan(1, 1, 1)))
                .withMessage("guest disk disk: must have 512 bytes as the backup but has " + SIZE);
    }

    private Guest start() throws IOException {
        return Guest.start(server.address(), "/datastore", "vm/disk-flat.vmdk", backup,
                new GuestPlan(seed, 2000, 4));
    }

    private DiskCheck check(Guest guest) throws IOException {
        return DiskCheck.throughNfs(server.address(), "/datastore", "vm/disk-flat.vmdk",
                guest.expectedDisk());
    }

    private static byte[] bytes(org.vmfinalize.lab.backup.ReferenceDisk disk, int size) throws IOException {
        var content = ByteBuffer.allocate(size);
        disk.read(content, 0);
        return content.array();
    }

    private static byte[] filled(int length, int value) {
        var content = new byte[length];
        java.util.Arrays.fill(content, (byte) value);
        return content;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(2_000_000);
        }
    }
}
