package org.vmfinalize.datastore;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The mark of the one server that uses a datastore. It ends with the process, however that ends.
final class DatastoreLock implements AutoCloseable {

    private static final int MAX_TEXT_BYTES = 300;

    private final FileChannel channel;

    private DatastoreLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock.
    ///
    /// @throws IOException if another server holds it; the message says which
    static DatastoreLock take(String datastore, Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                throw new IOException(
                        "datastore '%s': must be used by one server only but is in use by %s; stop that one"
                                .formatted(datastore, holder(channel)));
            }
            String text = "process %d on %s since %s".formatted(ProcessHandle.current().pid(), hostName(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS));
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            return new DatastoreLock(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by this very process
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var text = ByteBuffer.allocate(MAX_TEXT_BYTES);
        int count = channel.read(text, 0);
        return count <= 0 ? "another process" : StandardCharsets.UTF_8.decode(text.flip()).toString();
    }

    private static String hostName() throws IOException {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException _) {
            return "this host"; // a machine whose own name does not resolve
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
