package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups whose files lie on servers that do not answer: their reads are stuck inside the kernel, as those of a named pipe
/// are that nobody writes to.
@Timeout(60)
class HungFilesTest {

    private static final int SIZE = 1 << 20;
    /// As many as would stop all virtual threads of this machine.
    private static final int HUNG = 2 * Runtime.getRuntime().availableProcessors() + 1;

    @TempDir
    Path directory;

    private final List<FileChannel> pipes = new ArrayList<>();
    /// The other ends: a channel that is being read lets nobody write.
    private final List<FileChannel> otherEnds = new ArrayList<>();
    private final List<LiveDisk> disks = new ArrayList<>();
    private final MemoryBackup sound = new MemoryBackup(MemoryBackup.mixed(SIZE, 5), false);

    @BeforeEach
    void createDisks() throws Exception {
        for (int i = 0; i < HUNG; i++) {
            var pipe = newPipe(i);
            pipes.add(pipe);
            var backup = new MemoryBackup(new byte[SIZE], false);
            backup.beforeRead = (_, _) -> readOneByte(pipe);
            disks.add(newDisk("hung-" + i, backup));
        }
    }

    private FileChannel newPipe(int number) throws Exception {
        Path path = directory.resolve("pipe-" + number);
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        var pipe = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        otherEnds.add(FileChannel.open(path, StandardOpenOption.WRITE));
        return pipe;
    }

    private static void readOneByte(FileChannel pipe) throws IOException {
        assertThat(pipe.read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    private LiveDisk newDisk(String name, MemoryBackup backup) throws IOException {
        Path state = Files.createDirectory(directory.resolve(name));
        return LiveDisk.create(Volume.local(), state, directory.resolve(name + "-flat.vmdk"), name,
                UUID.randomUUID(), SIZE, backup.source(),
                LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ofSeconds(50)));
    }

    private static CompletableFuture<byte[]> reads(LiveDisk disk) {
        return CompletableFuture.supplyAsync(() -> {
            byte[] target = new byte[4096];
            try {
                disk.read(ByteBuffer.wrap(target), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return target;
        }, Thread::startVirtualThread);
    }

    private void letOneReadOfEachGoOn() throws IOException {
        for (FileChannel end : otherEnds) {
            assertThat(end.write(ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }

    @AfterEach
    void close() throws IOException {
        letOneReadOfEachGoOn();
        for (LiveDisk disk : disks) {
            disk.close();
        }
        for (int i = 0; i < HUNG; i++) {
            pipes.get(i).close();
            otherEnds.get(i).close();
        }
    }

    @Test
    void doNotHoldUpTheReadsOfOtherDisks() throws Exception {
        var stuck = disks.stream().map(HungFilesTest::reads).toList();
        var other = newDisk("sound", sound);
        disks.add(other);

        var answer = reads(other).get(40, TimeUnit.SECONDS);

        assertThat(answer).isEqualTo(Arrays.copyOf(sound.content, 4096));
        assertThat(stuck).noneMatch(CompletableFuture::isDone);
        letOneReadOfEachGoOn();
        for (var read : stuck) {
            assertThat(read.get(40, TimeUnit.SECONDS)).containsOnly(0);
        }
    }
}
