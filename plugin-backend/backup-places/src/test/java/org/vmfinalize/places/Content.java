package org.vmfinalize.places;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.vmfinalize.backup.BackupFile;

/// Bytes of a backup to be read through a place.
public final class Content {

    private Content() {}

    /// Makes a file of random bytes with holes between them.
    public static byte[] sparse(Path file, int size, long seed) throws IOException {
        var random = new Random(seed);
        byte[] all = new byte[size];
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(size);
            for (int i = 0; i < 4; i++) {
                byte[] noise = new byte[size / 16];
                random.nextBytes(noise);
                int at = i * (size / 4) / 4096 * 4096;
                raw.seek(at);
                raw.write(noise);
                System.arraycopy(noise, 0, all, at, noise.length);
            }
            byte[] tail = new byte[100];
            random.nextBytes(tail);
            raw.seek(size - 100);
            raw.write(tail);
            System.arraycopy(tail, 0, all, size - 100, 100);
        }
        return all;
    }

    /// All of a file, in reads of `piece` bytes at positions that are no multiples of anything.
    public static byte[] read(BackupFile file, int piece) throws IOException {
        byte[] all = new byte[Math.toIntExact(file.size())];
        for (int at = 0; at < all.length; at += piece) {
            file.read(ByteBuffer.wrap(all, at, Math.min(piece, all.length - at)), at);
        }
        return all;
    }
}
