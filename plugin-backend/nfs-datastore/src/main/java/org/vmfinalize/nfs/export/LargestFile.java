package org.vmfinalize.nfs.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vmfinalize.nfs.posix.Descriptor;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.posix.PosixException;

/// How large a file can become on a file system. No system call tells, so a file without content is made larger and smaller.
final class LargestFile {

    private static final String PROBE = "nfs-largest-file";

    private LargestFile() {}

    /// The most bytes that a file in `folder` can have.
    static long in(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(PROBE)); // left by a crash
        byte[] name = PROBE.getBytes(StandardCharsets.UTF_8);
        try (Descriptor directory = new Descriptor(Posix.openDirectory(folder));
                Descriptor file = new Descriptor(
                        Posix.openAt(directory.fd(), name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL,
                                0600))) {
            try {
                return search(file.fd());
            } finally {
                Posix.unlink(directory.fd(), name);
            }
        }
    }

    private static long search(int fd) {
        long possible = 0;
        long most = Long.MAX_VALUE;
        while (possible < most) {
            long middle = most - (most - possible) / 2;
            if (canHave(fd, middle)) {
                possible = middle;
            } else {
                most = middle - 1;
            }
        }
        return possible == 0 ? Long.MAX_VALUE : possible; // a file system that lets no size be set cannot be asked
    }

    private static boolean canHave(int fd, long bytes) {
        try {
            Posix.setSize(fd, bytes);
            return true;
        } catch (PosixException _) {
            return false; // EFBIG mostly, but file systems differ
        }
    }
}
