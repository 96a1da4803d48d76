package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.file.Path;

/// A qcow2 image that was a child of another disk, looked at with QEMU's own tools.
///
/// @param file nobody writes to it
public record ChildImage(Path file) {

    /// Whether nothing of it is in another disk.
    public boolean isIndependent() throws IOException {
        return !Program.QEMU_IMG.succeed("info", "-U", file.toString()).contains("backing file");
    }

    /// Writes what it reads as to a raw file.
    public Path toRaw(Path target) throws IOException {
        Program.QEMU_IMG.succeed("convert", "-f", "qcow2", "-O", "raw", file.toString(), target.toString());
        return target;
    }
}
