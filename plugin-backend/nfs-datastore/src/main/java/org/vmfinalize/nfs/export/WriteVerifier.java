package org.vmfinalize.nfs.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/// The number by which clients see that data which they were told are unstable may have been lost (RFC 1813, 3.3.7): it
/// is another one after each sync that failed, and after a start, unless all was made durable by the stop before.
///
/// **Durability:** a stop leaves the number behind once all is durable. The next start takes it away before anything is
/// served, so that it counts once.
///
/// **Threads:** any number.
public final class WriteVerifier {

    /// Size of the number in answers.
    public static final int BYTES = Long.BYTES;

    private static final String FILE = "nfs-write-verifier";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;
    private volatile long value;

    private WriteVerifier(Path folder, long value) {
        this.folder = folder;
        this.value = value;
    }

    /// The number that the last stop has left in `folder`, or a new one.
    static WriteVerifier open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new WriteVerifier(folder, RANDOM.nextLong());
        }
        byte[] kept = Files.readAllBytes(file);
        Files.delete(file);
        sync(folder);
        return new WriteVerifier(folder,
                kept.length == BYTES ? ByteBuffer.wrap(kept).getLong() : RANDOM.nextLong());
    }

    public long value() {
        return value;
    }

    /// Tells clients to send again what they were told is unstable.
    public void change() {
        value = RANDOM.nextLong();
    }

    /// Leaves the number to the next start: all that was written is durable, and nothing will be written any more.
    void leave() throws IOException {
        Path fresh = folder.resolve(FILE + ".new");
        try (var channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(ByteBuffer.allocate(BYTES).putLong(value).flip());
            channel.force(true);
        }
        Files.move(fresh, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
