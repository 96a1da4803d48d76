package org.vmfinalize.finalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.DiskReadOnlyException;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.disk.VolumeFile;

/// What guest and job see when the datastore's file system fails.
@Timeout(60)
class DatastoreFaultsTest {

    private static final int SIZE = (5 << 20) + 512;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 1), true);

    /// The call of a flat file that fails, as "write", and how; none if empty.
    private volatile String failingCall = "";
    private volatile String reason = "";

    private Datastore datastore() throws IOException {
        return Datastore.open("ds", directory, _ -> backup, LiveDiskSettings.DEFAULT, volume());
    }

    private Volume volume() {
        return (Volume) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Volume.class},
                (_, method, arguments) -> {
                    try {
                        Object result = method.invoke(Volume.local(), arguments);
                        return result instanceof VolumeFile file
                                && arguments[0].toString().endsWith("-flat.vmdk")
                                        ? failing(file)
                                        : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private VolumeFile failing(VolumeFile file) {
        return (VolumeFile) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{VolumeFile.class},
                (_, method, arguments) -> {
                    if (method.getName().equals(failingCall)) {
                        throw new IOException(reason);
                    }
                    try {
                        return method.invoke(file, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Finalization started(Datastore datastore) {
        var job = Finalization.of(datastore.instantDisks("vm").orElseThrow(), FinalizationOptions.DEFAULT,
                _ -> {
                }, System::nanoTime, new RetryPauses(Duration.ofMillis(5), Duration.ofMillis(20)));
        job.start();
        return job;
    }

    @ParameterizedTest
    @ValueSource(strings = {"Input/output error", "Read-only file system"})
    void writesThatFailAreToldAndTheJobWaitsAndGoesOn(String error) throws Exception {
        try (var datastore = datastore()) {
            var disk = datastore.create("vm", BackupReference.at("memory")).disks().getFirst();
            reason = error;
            failingCall = "write";

            assertThatIOException().isThrownBy(() -> disk.write(ByteBuffer.wrap(new byte[4096]), 0))
                    .withMessageContaining(error);
            var job = started(datastore);
            var progress = job.progress();
            while (progress.state() != FinalizationState.PAUSED) {
                assertThat(progress.state().isFinal()).isFalse();
                progress = job.progress();
            }
            assertThat(progress.pauseReason().orElseThrow()).contains(error);

            failingCall = "";
            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
        }
        assertThat(Files.readAllBytes(directory.resolve("vm/disk-0-flat.vmdk"))).isEqualTo(backup.content);
    }

    @Test
    void aFailedFsyncMakesTheDiskReadOnlyUntilTheServerIsStartedAgain() throws Exception {
        try (var datastore = datastore()) {
            var disk = datastore.create("vm", BackupReference.at("memory")).disks().getFirst();
            disk.write(ByteBuffer.wrap(new byte[4096]), 0);
            reason = "Input/output error";
            failingCall = "force";

            assertThatExceptionOfType(DiskReadOnlyException.class).isThrownBy(disk::flush);
            failingCall = "";
            assertThatExceptionOfType(DiskReadOnlyException.class).isThrownBy(disk::flush);
            assertThatExceptionOfType(DiskReadOnlyException.class)
                    .isThrownBy(() -> disk.write(ByteBuffer.wrap(new byte[512]), 0));
            var end = started(datastore).await();

            assertThat(end.state()).isEqualTo(FinalizationState.FAILED);
            assertThat(end.failure().orElseThrow()).contains("is read-only", "Input/output error", "restart");
        }
        try (var datastore = datastore()) {
            assertThat(started(datastore).await().state()).isEqualTo(FinalizationState.COMPLETED);
        }
    }
}
