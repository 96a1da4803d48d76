package org.vmfinalize.lab.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTest {

    @TempDir
    Path folder;

    private Path boot;
    private Path modules;

    @BeforeEach
    void makeFolders() throws IOException {
        boot = Files.createDirectory(folder.resolve("boot"));
        modules = Files.createDirectory(folder.resolve("modules"));
    }

    @Test
    void isTheNewestThatHasItsModules() throws Exception {
        install("6.1.0-1-amd64", "", "");
        install("6.1.0-2-amd64", "", "");
        Files.createFile(boot.resolve("vmlinuz-6.1.0-3-amd64"));

        assertThat(Kernel.find(boot, modules).orElseThrow().image())
                .isEqualTo(boot.resolve("vmlinuz-6.1.0-2-amd64"));
        assertThat(Kernel.find(folder.resolve("nowhere"), modules)).isEmpty();
    }

    @Test
    void modulesComeAfterWhatTheyNeed() throws Exception {
        var kernel = install("6", """
                kernel/virtio_blk.ko: kernel/virtio.ko kernel/virtio_ring.ko
                kernel/virtio.ko: kernel/virtio_ring.ko
                kernel/virtio_ring.ko:
                kernel/other-module.ko.xz:
                """, "kernel/fs/ext4/ext4.ko\n");

        assertThat(kernel.filesOf(List.of("virtio_blk", "ext4", "other_module"))).extracting(
                file -> file.getFileName().toString())
                .containsExactly("virtio_ring.ko", "virtio.ko", "virtio_blk.ko", "other-module.ko.xz");
        assertThatIOException().isThrownBy(() -> kernel.filesOf(List.of("xfs")))
                .withMessageContaining("must have the module xfs but has not");
    }

    private Kernel install(String version, String dependencies, String builtIn) throws IOException {
        Files.createFile(boot.resolve("vmlinuz-" + version));
        var own = Files.createDirectory(modules.resolve(version));
        Files.writeString(own.resolve("modules.dep"), dependencies);
        Files.writeString(own.resolve("modules.builtin"), builtIn);
        return Kernel.find(boot, modules).orElseThrow();
    }
}
