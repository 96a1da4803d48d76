package org.vmfinalize.formats.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.vmfinalize.backup.FormatException;

/// The header of a member: a block of 512 bytes, of which these count here. Numbers are octal digits, or binary and
/// big-endian if the highest bit of their first byte is set.
///
///     offset  bytes  meaning
///          0    100  name
///        124     12  size
///        148      8  checksum: the sum of all bytes, with blanks in its own place
///        156      1  type
///        257      6  "ustar" and NUL; from GNU tar "ustar" and a blank
///        345    155  with POSIX, what comes before the name and a slash
///
/// @param name as it stands there
/// @param size in bytes, at least 0
/// @param type `0` for a file, others as in the standards
record TarHeader(String name, long size, char type) {

    static final int BLOCK = 512;

    private static final int SIZE = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int MAGIC = 257;

    /// Takes a block apart.
    ///
    /// @param at what messages call the place, such as "disk.ova: tar header at 1024"
    /// @return empty for a block of zeros, which ends the archive
    static Optional<TarHeader> parse(String at, byte[] block) throws FormatException {
        if (isZero(block)) {
            return Optional.empty();
        }
        checkSum(at, block);
        String name = text(block, 0, 100);
        boolean posix = block[MAGIC + 5] == 0;
        String prefix = posix ? text(block, 345, 155) : "";
        char type = block[156] == 0 ? '0' : (char) block[156];
        return Optional.of(new TarHeader(prefix.isEmpty() ? name : prefix + '/' + name,
                number(at, "size", block, SIZE, SIZE_BYTES), type));
    }

    static boolean isAtStartOf(byte[] block) {
        return block.length >= BLOCK && "ustar".equals(text(block, MAGIC, 5));
    }

    boolean isFile() {
        return type == '0' || type == '7';
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static void checkSum(String at, byte[] block) throws FormatException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean own = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_BYTES;
            sum += own ? ' ' : Byte.toUnsignedInt(block[i]);
        }
        long stated = number(at, "checksum", block, CHECKSUM, CHECKSUM_BYTES);
        if (stated != sum) {
            throw new FormatException(
                    "%s: the checksum must be %d but was %d; the archive is damaged: transfer it again"
                            .formatted(at, sum, stated));
        }
    }

    private static long number(String at, String field, byte[] block, int start, int length)
            throws FormatException {
        if (block[start] < 0) {
            return binary(at, field, Arrays.copyOfRange(block, start, start + length));
        }
        String digits = text(block, start, length).strip();
        if (!digits.matches("[0-7]{1,12}")) {
            throw new FormatException("%s: the %s must be octal digits but was '%s'".formatted(at, field,
                    digits.replaceAll("\\p{Cntrl}", "?")));
        }
        return Long.parseLong(digits, 8);
    }

    /// GNU tar's way for sizes of 8 GiB and more. Negative numbers, with all bits of the first byte set, are refused.
    private static long binary(String at, String field, byte[] bytes) throws FormatException {
        long value = 0;
        boolean fits = bytes[0] == (byte) 0x80;
        for (int i = 1; i < bytes.length; i++) {
            fits &= value >>> (Long.SIZE - 1 - Byte.SIZE) == 0;
            value = value << Byte.SIZE | Byte.toUnsignedInt(bytes[i]);
        }
        if (!fits) {
            throw new FormatException(
                    "%s: the %s must be less than 2^63 but is more or negative".formatted(at,
                            field));
        }
        return value;
    }

    private static String text(byte[] block, int start, int length) {
        int end = start;
        while (end < start + length && block[end] != 0) {
            end++;
        }
        return new String(block, start, end - start, StandardCharsets.UTF_8);
    }
}
