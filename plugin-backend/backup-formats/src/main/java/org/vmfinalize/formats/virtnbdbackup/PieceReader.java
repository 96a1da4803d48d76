package org.vmfinalize.formats.virtnbdbackup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.BoundedCache;
import org.vmfinalize.formats.file.FileInput;

/// Unpacks one piece at a time, from its start on, and remembers how far it came.
///
/// **Threads:** any number; one unpacks, the others wait.
final class PieceReader {

    private final BackupFile packed;
    private final Lz4Pieces pieces;
    private final BoundedCache<UnpackedFile.Part, byte[]> cache;

    @GuardedBy("this")
    private @Nullable Open open;

    /// A piece on its way; not yet begun as long as nothing is unpacked.
    private static final class Open {

        private final int piece;
        private final FileInput input;
        private @Nullable InputStream unpacked;
        private int next;
        private int ahead;

        private Open(int piece, FileInput input) {
            this.piece = piece;
            this.input = input;
        }
    }

    PieceReader(BackupFile packed, Lz4Pieces pieces, BoundedCache<UnpackedFile.Part, byte[]> cache) {
        this.packed = packed;
        this.pieces = pieces;
        this.cache = cache;
    }

    /// The bytes of a part; those of the parts before it go to the cache.
    ///
    /// @throws FormatException if the piece is damaged
    synchronized byte[] read(UnpackedFile.Part wanted) throws IOException {
        byte[] known = cache.get(wanted);
        if (known != null) {
            return known;
        }
        Open current = open;
        if (current == null || current.piece != wanted.piece() || current.next > wanted.number()) {
            current = new Open(wanted.piece(), new FileInput(packed, pieces.host(wanted.piece())));
        }
        open = null;
        byte[] bytes;
        do {
            bytes = next(current);
            cache.put(new UnpackedFile.Part(current.piece, current.next), bytes, bytes.length);
            current.next++;
        } while (current.next <= wanted.number());
        // Left out after a failure: what was unpacked by halves is of no use.
        open = current;
        return bytes;
    }

    private byte[] next(Open from) throws IOException {
        int length = pieces.length(from.piece);
        int start = from.next * UnpackedFile.PART_BYTES;
        byte[] bytes = new byte[Math.min(UnpackedFile.PART_BYTES, length - start)];
        int made;
        try {
            made = fill(from, bytes);
        } catch (IOException | RuntimeException e) {
            from.input.checkFile();
            throw damaged(from, "must be an LZ4 frame but is not: " + e.getMessage(), e);
        }
        boolean last = start + bytes.length == length;
        if (made < bytes.length || last == (from.ahead >= 0)) {
            throw damaged(from, "must make %d bytes but makes %s".formatted(length,
                    last && made == bytes.length ? "more" : String.valueOf(start + made)), null);
        }
        return bytes;
    }

    /// Goes a byte beyond, since the checksum of a block, and at the end that of all, is compared then.
    private static int fill(Open from, byte[] bytes) throws IOException {
        InputStream unpacked = from.unpacked;
        int made = 0;
        if (unpacked == null) {
            unpacked = new FramedLZ4CompressorInputStream(from.input);
            from.unpacked = unpacked;
        } else {
            bytes[made++] = (byte) from.ahead;
        }
        made += unpacked.readNBytes(bytes, made, bytes.length - made);
        from.ahead = unpacked.read();
        return made;
    }

    private FormatException damaged(Open from, String sentence, @Nullable Throwable cause) {
        var message = "%s: virtnbdbackup compressed piece at byte %d of the file: %s".formatted(
                packed.location(), pieces.host(from.piece).start(), sentence);
        return cause == null ? new FormatException(message) : new FormatException(message, cause);
    }
}
