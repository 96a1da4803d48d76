package org.vmfinalize.formats.virtnbdbackup;

import java.io.IOException;
import java.util.Arrays;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.file.FileInput;

/// How many bytes of the file the pieces of a compressed stream have, as the list at its end says in JSON: for each data
/// frame the size of its one piece, or an object of one entry, whose name is the size of all its pieces and whose value is
/// the list of theirs:
///
///     [4711, {"66000000": [33000000, 33000000]}, 99]
///
/// It takes 8 bytes of memory for each piece.
final class CompressedSizes {

    /// Each has up to 32 MiB of the disk.
    private static final int MAX_PIECES = 500_000;

    private static final int MAX_DIGITS = 10;

    private final BackupFile file;
    private final FileInput text;
    private final int max;
    private int[] sizes = new int[256];
    private int[] firsts = new int[256];
    private int pieces;
    private int frames;
    private int next;

    private CompressedSizes(BackupFile file, ByteRange range, int max) {
        this.file = file;
        this.max = Math.min(MAX_PIECES, max);
        this.text = new FileInput(file, range);
    }

    /// @param range where the list is in the file
    /// @param max how many pieces the chain may still have
    static CompressedSizes read(BackupFile file, ByteRange range, int max) throws IOException {
        var sizes = new CompressedSizes(file, range, max);
        sizes.readAll();
        return sizes;
    }

    int frames() {
        return frames;
    }

    int pieces() {
        return pieces;
    }

    /// How many pieces a data frame has.
    int pieces(int frame) {
        return (frame + 1 < frames ? firsts[frame + 1] : pieces) - firsts[frame];
    }

    /// How many bytes a piece has in the file.
    int size(int frame, int piece) {
        return sizes[firsts[frame] + piece];
    }

    private void readAll() throws IOException {
        step();
        expect('[');
        if (next != ']') {
            readFrame();
            while (next == ',') {
                step();
                readFrame();
            }
        }
        expect(']');
        if (next != -1) {
            throw damaged("must end with ']' but does not");
        }
    }

    private void readFrame() throws IOException {
        firsts = grown(firsts, frames);
        firsts[frames++] = pieces;
        if (next != '{') {
            readPiece();
            return;
        }
        step();
        expect('"');
        number();
        expect('"');
        expect(':');
        expect('[');
        readPiece();
        while (next == ',') {
            step();
            readPiece();
        }
        expect(']');
        expect('}');
    }

    private void readPiece() throws IOException {
        if (pieces == max) {
            throw damaged("must have at most %d sizes but has more".formatted(max));
        }
        long size = number();
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw damaged("a size must be 1..%d but was %d".formatted(Integer.MAX_VALUE, size));
        }
        sizes = grown(sizes, pieces);
        sizes[pieces++] = (int) size;
    }

    private static int[] grown(int[] numbers, int used) {
        return used < numbers.length ? numbers : Arrays.copyOf(numbers, used * 2);
    }

    private long number() throws IOException {
        long value = 0;
        int digits = 0;
        while (next >= '0' && next <= '9' && digits < MAX_DIGITS) {
            value = value * 10 + next - '0';
            digits++;
            next = text.read();
        }
        if (digits == 0) {
            throw damaged("must have a number where it has none");
        }
        skipSpace();
        return value;
    }

    private void expect(char wanted) throws IOException {
        if (next != wanted) {
            throw damaged("must have '%s' where it has none".formatted(wanted));
        }
        step();
    }

    private void step() throws IOException {
        next = text.read();
        skipSpace();
    }

    private void skipSpace() throws IOException {
        while (next == ' ') {
            next = text.read();
        }
    }

    private FormatException damaged(String sentence) {
        return new FormatException(
                "%s: virtnbdbackup list of compressed sizes: %s".formatted(file.location(), sentence));
    }
}
