package org.vmfinalize.lab.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A backup, full and incremental, of a disk with an ext4 file system whose files are known.
///
/// The file system has blocks of 1 KiB, smaller than those of a live disk, so that the guest's writes begin and end in the
/// middle of those.
///
/// @param top the incremental image, whose parent is the full one
/// @param files both images, the top first
/// @param sizeBytes of the disk
/// @param dataBytes of its files
/// @param known the files that the guest does not write
public record FileSystemBackup(Path top, List<Path> files, long sizeBytes, long dataBytes,
        List<KnownFile> known) {

    /// The smallest disk that has room for what the guest does.
    public static final long SMALLEST_BYTES = 48 << 20;

    private static final int SLOTS = 8;
    private static final int LARGEST_FILE = 2 << 20;
    private static final int BEAT_BYTES = 4096;

    public FileSystemBackup {
        files = List.copyOf(files);
        known = List.copyOf(known);
    }

    /// Makes images called `full` and `incremental` in `folder`, a third of the disk being files.
    ///
    /// @param seed decides their content
    /// @param sizeBytes at least [#SMALLEST_BYTES], a multiple of 1024
    /// @throws IOException also if a program is missing
    public static FileSystemBackup make(Path folder, long seed, long sizeBytes, BackupImages images)
            throws IOException {
        return new Maker(Files.createDirectories(folder), seed).make(sizeBytes, images);
    }

    private static final class Maker {

        private final Path folder;
        private final Path sources;
        private final Path raw;
        private final Random random;
        private final List<KnownFile> known = new ArrayList<>();
        private long dataBytes;

        Maker(Path folder, long seed) throws IOException {
            this.folder = folder;
            this.sources = Files.createTempDirectory(folder, "files");
            this.raw = folder.resolve("disk.raw");
            this.random = new Random(seed);
        }

        FileSystemBackup make(long sizeBytes, BackupImages images) throws IOException {
            var full = folder.resolve(images.named("full"));
            var top = folder.resolve(images.named("incremental"));
            try {
                fill("full", sizeBytes / 4, known);
                fill("slots", SLOTS * LARGEST_FILE / 8, new ArrayList<>());
                Files.write(sources.resolve("beat"), new byte[BEAT_BYTES]);
                var blocks = Long.toString(sizeBytes / 1024);
                Program.MAKE_EXT4.succeed("-q", "-F", "-b", "1024", "-d", sources.toString(), raw.toString(),
                        blocks);
                images.convertFull(raw, full);
                addLater(sizeBytes / 12);
                images.convertDifference(raw, full, top);
            } finally {
                deleteSources();
            }
            return new FileSystemBackup(top, List.of(top, full), sizeBytes, dataBytes, known);
        }

        /// Files of 1 KiB to 2 MiB in a folder of their own.
        private void fill(String name, long bytes, List<KnownFile> into) throws IOException {
            Files.createDirectory(sources.resolve(name));
            long left = bytes;
            for (int i = 0; left > 0; i++) {
                int most = name.equals("slots") ? LARGEST_FILE / 8 : LARGEST_FILE;
                var content = new byte[(int) Math.min(left, 1 + random.nextInt(most))];
                random.nextBytes(content);
                var path = "%s/%04d".formatted(name, i);
                Files.write(sources.resolve(path), content);
                into.add(new KnownFile(path, Checksums.of(content)));
                dataBytes += content.length;
                left -= content.length;
            }
        }

        /// What came between the two backups.
        private void addLater(long bytes) throws IOException {
            var later = new ArrayList<KnownFile>();
            fill("later", bytes, later);
            var commands = new StringBuilder("mkdir later\ncd later\n");
            for (var file : later) {
                var source = sources.resolve(file.path());
                commands.append("write \"%s\" %s\n".formatted(source, source.getFileName()));
            }
            var script = folder.resolve("debugfs.commands");
            Files.writeString(script, commands, StandardCharsets.UTF_8);
            Program.READ_EXT4.succeed("-w", "-f", script.toString(), raw.toString());
            Files.delete(script);
            known.addAll(later);
        }

        private void deleteSources() throws IOException {
            Files.deleteIfExists(raw);
            try (var files = Files.walk(sources)) {
                for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
