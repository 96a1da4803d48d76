package org.vmfinalize.formats.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes archives as POSIX has them, without a tool, so that each byte can be made wrong.
public final class TarWriter {

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

    public TarWriter file(String name, byte[] content) {
        return member(name, '0', octal(content.length, 12), content);
    }

    /// A member of any type, whose size may be a lie.
    public TarWriter member(String name, char type, byte[] size, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 100));
        put(header, 100, octal(0644, 8));
        put(header, 108, octal(0, 8));
        put(header, 116, octal(0, 8));
        put(header, 124, size);
        put(header, 136, octal(0, 12));
        header[156] = (byte) type;
        put(header, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        put(header, 148, "        ".getBytes(StandardCharsets.US_ASCII));
        int sum = 0;
        for (byte b : header) {
            sum += Byte.toUnsignedInt(b);
        }
        put(header, 148, "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII));
        archive.writeBytes(header);
        archive.writeBytes(content);
        archive.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    /// An extended header for the member that follows.
    public TarWriter pax(String key, String value) {
        String rest = " %s=%s\n".formatted(key, value);
        int length = rest.length() + 1;
        while (Integer.toString(length).length() + rest.length() != length) {
            length++;
        }
        byte[] record = (length + rest).getBytes(StandardCharsets.UTF_8);
        return member("pax", 'x', octal(record.length, 12), record);
    }

    public static byte[] octal(long number, int bytes) {
        return ("%0" + (bytes - 1) + "o\0").formatted(number).getBytes(StandardCharsets.US_ASCII);
    }

    /// Ends it with two blocks of zeros.
    public byte[] end() {
        archive.writeBytes(new byte[1024]);
        return archive.toByteArray();
    }

    public byte[] withoutEnd() {
        return archive.toByteArray();
    }

    private static void put(byte[] header, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
