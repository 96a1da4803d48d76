package org.vmfinalize.formats.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;

/// A part of a file as a stream, read ahead in pieces.
///
/// **Threads:** one.
public final class FileInput extends InputStream {

    private static final int PIECE_BYTES = 256 << 10;

    private final BackupFile file;
    private final long end;
    private final ByteBuffer piece;
    private long position;
    private @Nullable IOException failure;

    /// @param range lies in the file
    public FileInput(BackupFile file, ByteRange range) {
        this.file = file;
        this.position = range.start();
        this.end = range.end();
        this.piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, range.length())).limit(0);
    }

    @Override
    public int read() throws IOException {
        return isAtEnd() ? -1 : Byte.toUnsignedInt(piece.get());
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (isAtEnd()) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(target, offset, count);
        return count;
    }

    private boolean isAtEnd() throws IOException {
        if (!piece.hasRemaining() && position < end) {
            piece.clear().limit((int) Math.min(piece.capacity(), end - position));
            try {
                file.read(piece, position);
            } catch (IOException e) {
                piece.limit(0);
                failure = e;
                throw e;
            }
            position += piece.position();
            piece.flip();
        }
        return !piece.hasRemaining();
    }

    /// Throws what the file did, if it failed: then it is not its content that is to blame for what came of it.
    public void checkFile() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }
}
