package org.vmfinalize.formats.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;

/// A file whose bytes are made of another one's: a part of it, what it would be with changes, or what it unpacks to.
///
/// Leases and references are those of the file below. Closing it does nothing: whoever has that file closes it.
public interface FileView extends BackupFile {

    /// The file below.
    BackupFile file();

    @Override
    default String location() {
        return file().location();
    }

    @Override
    default String name() {
        return file().name();
    }

    @Override
    default String identity() {
        return file().identity();
    }

    @Override
    default BackupFile sibling(String reference) throws IOException {
        return file().sibling(reference);
    }

    @Override
    default void hold(Backup.Holder holder) throws IOException {
        file().hold(holder);
    }

    @Override
    default void release(String holderId) throws IOException {
        file().release(holderId);
    }

    @Override
    default void close() {
        // The file below is closed by its owner.
    }

    /// Finds out whether a read lies in a file.
    ///
    /// @throws EOFException if not
    static void requireInside(BackupFile file, ByteBuffer target, long position) throws EOFException {
        if (position < 0 || position > file.size() - target.remaining()) {
            throw new EOFException("%s: must have %d bytes at %d but has only %d".formatted(file.location(),
                    target.remaining(), position, file.size()));
        }
    }
}
