package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Writes an archive as the Linux kernel unpacks it at its start: the "new ASCII" form of cpio, described in the kernel's
/// own `Documentation/driver-api/early-userspace/buffer-format.rst`.
///
/// An entry is a header of the magic `070701` and thirteen numbers of eight hexadecimal digits each, the name with a zero
/// byte, and the content; header with name, and content, are each filled up to a multiple of four bytes.
final class CpioWriter implements AutoCloseable {

    private static final int FOLDER = 0040755;
    private static final int PROGRAM = 0100755;
    private static final int HEADER_BYTES = 6 + 13 * 8;

    private final OutputStream out;
    private int entries;

    /// @param out is closed by [#close()]
    CpioWriter(OutputStream out) {
        this.out = out;
    }

    /// @param path without a leading slash; its parents have been added before
    void addFolder(String path) throws IOException {
        add(path, FOLDER, new byte[0]);
    }

    /// A file that everybody may read and run.
    void addFile(String path, byte[] content) throws IOException {
        add(path, PROGRAM, content);
    }

    private void add(String path, int mode, byte[] content) throws IOException {
        var name = (path + '\0').getBytes(StandardCharsets.UTF_8);
        entries++;
        int links = 1;
        // inode, mode, owner, group, links, time, size, device and special device (major and minor each), name, checksum
        int[] numbers = {entries, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0};
        var header = new StringBuilder("070701");
        for (int number : numbers) {
            header.append(String.format(Locale.ROOT, "%08x", number));
        }
        out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(name);
        pad(HEADER_BYTES + name.length);
        out.write(content);
        pad(content.length);
    }

    private void pad(int length) throws IOException {
        out.write(new byte[-length & 3]);
    }

    @Override
    public void close() throws IOException {
        try (out) {
            add("TRAILER!!!", 0, new byte[0]);
        }
    }
}
