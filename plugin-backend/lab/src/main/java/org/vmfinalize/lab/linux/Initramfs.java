package org.vmfinalize.lab.linux;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// The guest's system: busybox, the modules for its disk, a script, and the checksums that the backup's files must have.
final class Initramfs {

    private static final List<String> MODULES = List.of("virtio_pci", "virtio_blk", "ext4");

    private Initramfs() {}

    /// @param target is made
    static void write(Path target, Kernel kernel, List<KnownFile> known) throws IOException {
        try (var archive = new CpioWriter(new BufferedOutputStream(Files.newOutputStream(target)))) {
            archive.addFolder("bin");
            archive.addFile("bin/busybox", Files.readAllBytes(Program.BUSYBOX.path()));
            archive.addFile("init", script());
            archive.addFile("known", bytes(known.stream()
                    .map(file -> "%s  %s\n".formatted(file.sha256(), file.path()))
                    .collect(Collectors.joining())));
            archive.addFolder("modules");
            var order = new StringBuilder();
            for (var module : kernel.filesOf(MODULES)) {
                var name = module.getFileName().toString().replaceFirst("\\.xz$", "");
                archive.addFile("modules/" + name, unpacked(module));
                order.append(name).append('\n');
            }
            archive.addFile("modules/order", bytes(order.toString()));
        }
    }

    private static byte[] script() throws IOException {
        try (var script = Initramfs.class.getResourceAsStream("init.sh")) {
            return Objects.requireNonNull(script, "init.sh is in the lab's jar").readAllBytes();
        }
    }

    /// Newer packages have their modules compressed, which busybox cannot load.
    private static byte[] unpacked(Path module) throws IOException {
        if (!module.toString().endsWith(".xz")) {
            return Files.readAllBytes(module);
        }
        var unpacked = Files.createTempFile("module", ".ko");
        try {
            var process = new ProcessBuilder(Program.XZ.with("-dc", module.toString()))
                    .redirectOutput(unpacked.toFile()).start();
            if (process.onExit().join().exitValue() != 0) {
                throw new IOException("%s: must be a sound xz file but is not".formatted(module));
            }
            return Files.readAllBytes(unpacked);
        } finally {
            Files.delete(unpacked);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
