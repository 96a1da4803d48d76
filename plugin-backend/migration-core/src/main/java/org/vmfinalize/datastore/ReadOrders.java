package org.vmfinalize.datastore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.disk.HotRanges;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.Volume;

/// In which order machines have read their restore points, one file for each disk of one, in the hidden folder.
///
/// It is only a hint: what cannot be read is as if it were not there, and what cannot be stored is not.
///
/// **Bounds:** [#MAX_FILES] files of at most [HotRanges#MAX_LEARNED] lines; the oldest go first.
///
/// **Threads:** any number.
final class ReadOrders {

    static final int MAX_FILES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(ReadOrders.class);
    private static final String PREFIX = "reads-";
    private static final String COPY = ".copy";

    private final Volume volume;
    private final Path hidden;
    private final ReentrantLock writing = new ReentrantLock();

    ReadOrders(Volume volume, Path hidden) {
        this.volume = volume;
        this.hidden = hidden;
    }

    /// Tells a disk that was opened what the last machine has read of its restore point, the first first.
    void tell(LiveDisk disk, InstantRecord record, int index) {
        var file = file(record, index);
        try {
            if (file.exists()) {
                disk.hot().learn(parse(file.read(), disk.size()));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{}: the order of its last reads is not used: {}", disk.name(), e.getMessage());
        }
    }

    private static List<ByteRange> parse(String text, long size) {
        var disk = new ByteRange(0, size);
        return text.lines().limit(HotRanges.MAX_LEARNED).map(line -> line.split(" ", 2))
                .map(line -> ByteRange.of(Long.parseLong(line[0]), Long.parseLong(line[1])).within(disk))
                .toList();
    }

    /// Stores what a disk has learned, if that is something new.
    void store(LiveDisk disk, InstantRecord record, int index) {
        disk.hot().takeNews().ifPresent(order -> {
            var text = new StringBuilder();
            for (var range : order) {
                text.append(range.start()).append(' ').append(range.length()).append('\n');
            }
            write(disk, file(record, index), text.toString());
        });
    }

    private void write(LiveDisk disk, RecordFile file, String text) {
        // One at a time: two disks may come from the same disk of a restore point, and so have the same file.
        writing.lock();
        try {
            file.write(volume, text);
            deleteOldest();
        } catch (IOException e) {
            LOG.warn("{}: the order of its reads could not be stored: {}", disk.name(), e.getMessage());
        } finally {
            writing.unlock();
        }
    }

    private void deleteOldest() throws IOException {
        var files = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(hidden, PREFIX + "*")) {
            for (var entry : entries) {
                if (!entry.toString().endsWith(COPY)) {
                    files.add(entry);
                }
            }
        }
        files.sort(Comparator.comparingLong(file -> -file.toFile().lastModified()));
        for (var file : files.subList(Math.min(MAX_FILES, files.size()), files.size())) {
            new RecordFile(file).delete(volume);
        }
    }

    private RecordFile file(InstantRecord record, int index) {
        String key = "%s\n%s\n%s".formatted(record.backup().format(), record.backup().identity(),
                record.disks().get(index).backupDisk());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return new RecordFile(hidden.resolve(PREFIX + HexFormat.of().formatHex(digest, 0, 16)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
