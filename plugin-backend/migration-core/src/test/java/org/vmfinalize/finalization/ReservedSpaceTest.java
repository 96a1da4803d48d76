package org.vmfinalize.finalization;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.disk.VolumeFile;

/// What becomes of a thick disk on a file system that cannot reserve space, such as NFSv3.
class ReservedSpaceTest {

    private static final int SIZE = 4 << 20;

    @TempDir
    Path directory;

    @Test
    void writesTheZerosOfAThickDiskWhereSpaceCannotBeReserved() throws Exception {
        assertThat(holeAfter(Provisioning.THICK, withoutReservations())).as("first hole").isEqualTo(SIZE);
    }

    /// Finalizes a disk of zeros, of which the guest wrote one block, and looks for its first hole.
    private long holeAfter(Provisioning provisioning, Volume volume) throws Exception {
        var backup = new MemoryBackup(new byte[SIZE], true);
        try (var datastore = Datastore.open("ds", directory, _ -> backup, LiveDiskSettings.DEFAULT, volume)) {
            var disks = datastore.create("vm", BackupReference.at("memory"));
            disks.disks().getFirst().write(ByteBuffer.wrap(new byte[4096]), 0);
            var job = Finalization.of(disks, new FinalizationOptions(provisioning, 0), _ -> {
            });
            job.start();
            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
        }
        try (var flat = Volume.local().open(directory.resolve("vm/disk-0-flat.vmdk"))) {
            return flat.nextHole(0, SIZE);
        }
    }

    private static Volume withoutReservations() {
        return proxy(Volume.class, Volume.local());
    }

    private static <T> T proxy(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> {
                    if (method.getName().equals("reserve")) {
                        return false;
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        return result instanceof VolumeFile file ? proxy(VolumeFile.class, file) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
