package org.vmfinalize.providers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A bundle whose format, `third-party`, reads any file as one disk of 1 MiB, as a test wants it.
final class ReadingBundle {

    /// Fills a read with a byte that a class of its own knows, which is loaded at the first read.
    static final String FILL = "while (target.hasRemaining()) target.put(Later.VALUE);";

    private ReadingBundle() {}

    /// Puts the bundle at `jar`, in one step.
    ///
    /// @param value what [#FILL] fills with
    /// @param read  statements that answer `read(ByteBuffer target, long position)`
    /// @param extents statements that answer `extents(ByteRange range)`
    static void build(Path jar, int value, String read, String extents) throws IOException {
        Path work = Files.createTempDirectory("bundle");
        Path built = work.resolve(jar.getFileName());
        TestBundle.compile(built, """
                package third.party;

                import java.io.IOException;
                import java.nio.ByteBuffer;
                import java.util.Iterator;
                import java.util.List;
                import java.util.Optional;
                import org.osgi.framework.BundleActivator;
                import org.osgi.framework.BundleContext;
                import org.vmfinalize.backup.Backup;
                import org.vmfinalize.backup.BackupDisk;
                import org.vmfinalize.backup.BackupFile;
                import org.vmfinalize.backup.BackupFormat;
                import org.vmfinalize.backup.ByteRange;
                import org.vmfinalize.backup.Extent;

                public class Activator implements BundleActivator, BackupFormat {
                    public void start(BundleContext context) {
                        context.registerService(BackupFormat.class, this, null);
                    }
                    public void stop(BundleContext context) {}
                    public String name() { return "third-party"; }
                    public int recognises(BackupFile file) { return 100; }
                    public Backup open(BackupFile file) { return new Opened(file); }

                    static class Later { static byte VALUE = (byte) Integer.parseInt("%d"); }

                    record Opened(BackupFile file) implements Backup {
                        public String format() { return "third-party"; }
                        public String identity() { return file.identity(); }
                        public Optional<java.time.Instant> takenAt() { return Optional.empty(); }
                        public List<Disk> disks() { return List.of(new Disk()); }
                        public List<String> files() { return List.of(file.location()); }
                        public void hold(Holder holder) {}
                        public void release(String holderId) {}
                        public void close() throws IOException { file.close(); }
                    }

                    static class Disk implements BackupDisk {
                        public String name() { return "disk-0"; }
                        public long size() { return 1 << 20; }
                        public int bestReadSize() { return 4096; }
                        public void read(ByteBuffer target, long position) throws IOException { %s }
                        public Iterator<Extent> extents(ByteRange range) { %s }
                        public Iterator<Extent> readOrder() { return extents(new ByteRange(0, size())); }
                    }
                }
                """.formatted(value, read, extents));
        Files.move(built, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void build(Path jar, int value) throws IOException {
        build(jar, value, FILL, "return List.of(new Extent(range, Extent.Kind.DATA)).iterator();");
    }
}
