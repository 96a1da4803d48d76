package org.vmfinalize.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/// A file system in memory that can be full, mounted on a folder.
record SmallFileSystem(Path folder) implements AutoCloseable {

    /// Skips the test where that is not allowed.
    ///
    /// @param size such as `8m`
    static SmallFileSystem mount(Path folder, String size) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()) == 0,
                "run as root, which may mount a file system for the test");
        return new SmallFileSystem(folder);
    }

    /// Takes all the space that is left.
    ///
    /// @return the file that has it
    Path fill() throws IOException {
        var filler = folder.resolve("filler");
        var zeros = ByteBuffer.allocate(4096);
        try (var channel = FileChannel.open(filler, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW)) {
            while (true) {
                channel.write(zeros.clear());
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return filler;
    }

    @Override
    public void close() throws IOException {
        try {
            assertThat(run("umount", folder.toString())).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }
}
