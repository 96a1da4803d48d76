package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The kind of images that a backup consists of: a full one, and an incremental one over it.
public enum BackupImages {
    QCOW2("qcow2") {
        @Override
        void convertFull(Path raw, Path full) throws IOException {
            Program.QEMU_IMG.succeed("convert", "-f", "raw", "-O", "qcow2", raw.toString(), full.toString());
        }

        @Override
        void convertDifference(Path raw, Path full, Path top) throws IOException {
            Program.QEMU_IMG.succeed("create", "-q", "-f", "qcow2", "-b", raw.toString(), "-F", "raw",
                    top.toString());
            Program.QEMU_IMG.succeed("rebase", "-b", full.getFileName().toString(), "-F", "qcow2",
                    top.toString());
        }
    },
    /// As vSphere exports disks, compressed, and a sparse one over it.
    VMDK("vmdk") {
        @Override
        void convertFull(Path raw, Path full) throws IOException {
            Program.QEMU_IMG.succeed("convert", "-f", "raw", "-O", "vmdk", "-o",
                    "subformat=streamOptimized", raw.toString(), full.toString());
        }

        @Override
        void convertDifference(Path raw, Path full, Path top) throws IOException {
            // QEMU cannot compare while it writes VMDK, so a qcow2 image comes in between.
            var difference = top.resolveSibling("difference.qcow2");
            Program.QEMU_IMG.succeed("create", "-q", "-f", "qcow2", "-b", raw.toString(), "-F", "raw",
                    difference.toString());
            Program.QEMU_IMG.succeed("rebase", "-b", full.getFileName().toString(), "-F", "vmdk",
                    difference.toString());
            Program.QEMU_IMG.succeed("convert", "-f", "qcow2", "-O", "vmdk", "-B",
                    full.getFileName().toString(), "-F", "vmdk", difference.toString(), top.toString());
            Files.delete(difference);
        }
    };

    private final String suffix;

    BackupImages(String suffix) {
        this.suffix = suffix;
    }

    /// The name of an image's file.
    String named(String name) {
        return name + "." + suffix;
    }

    /// Writes `full`, which is as `raw` is now.
    abstract void convertFull(Path raw, Path full) throws IOException;

    /// Writes `top`, of what differs between `raw` and `full`, which lies beside it.
    abstract void convertDifference(Path raw, Path full, Path top) throws IOException;
}
