package org.vmfinalize.formats.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.NotAnImageException;

/// Knows formats that this bundle cannot read, and refuses them by name.
///
/// Without it a VHD would be taken for a raw disk, and the machine would start from the wrong bytes. It answers less
/// surely than a format that knows its magic number, so a bundle that reads such an image comes first.
public final class ForeignImages implements BackupFormat {

    private static final int SURENESS = 50;
    private static final int HEAD_BYTES = 512;
    private static final String CONVERT = "convert it: qemu-img convert -O qcow2 IMAGE NEW.qcow2";
    private static final String DESCRIPTOR = "open its descriptor, the small .vmdk file next to it";
    private static final String UNPACK = "unpack it first";

    private static final List<Foreign> KNOWN = List.of(
            new Foreign("an extent of a VMDK snapshot", 0, "COWD", DESCRIPTOR),
            new Foreign("an extent of a VMDK snapshot", 0, "\u00be\u00ba\u00fe\u00ca\0\0\0\0", DESCRIPTOR),
            new Foreign("a VDI image", 0x40, "\u007f\u0010\u00da\u00be", CONVERT),
            new Foreign("a qcow image of version 1", 0, "QFI\u00fb\0\0\0\1", CONVERT),
            new Foreign("a QED image", 0, "QED\0", CONVERT),
            new Foreign("a gzip archive", 0, "\u001f\u008b", UNPACK),
            new Foreign("an xz archive", 0, "\u00fd7zXZ\0", UNPACK),
            new Foreign("a zstd archive", 0, "(\u00b5/\u00fd", UNPACK),
            new Foreign("a bzip2 archive", 0, "BZh", UNPACK),
            new Foreign("a 7z archive", 0, "7z\u00bc\u00af'\u001c", UNPACK),
            new Foreign("a ZIP archive", 0, "PK\3\4", UNPACK),
            new Foreign("an XML document", 0, "<?xml", "name the disk image itself"));

    @Override
    public String name() {
        return "foreign";
    }

    @Override
    public int recognises(BackupFile file) throws IOException {
        return find(file).isPresent() ? SURENESS : 0;
    }

    /// Always refuses, with the name of what the file is.
    @Override
    public Backup open(BackupFile file) throws IOException {
        try (file) {
            var found = find(file);
            throw new NotAnImageException(
                    "%s: must be an image or a description of one but is %s; %s".formatted(
                            file.location(),
                            found.map(Foreign::what).orElse("unknown"),
                            found.map(Foreign::remedy).orElse(CONVERT)));
        }
    }

    private static Optional<Foreign> find(BackupFile file) throws IOException {
        var head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.size()));
        file.read(head, 0);
        return KNOWN.stream().filter(foreign -> foreign.isAtStartOf(head.array())).findFirst();
    }

    /// @param magic as characters of ISO 8859-1
    private record Foreign(String what, int offset, String magic, String remedy) {

        boolean isAtStartOf(byte[] head) {
            byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
            if (head.length < offset + expected.length) {
                return false;
            }
            for (int i = 0; i < expected.length; i++) {
                if (head[offset + i] != expected[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
