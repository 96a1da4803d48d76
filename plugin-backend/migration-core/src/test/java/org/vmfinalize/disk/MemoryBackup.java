package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// A backup of one disk in memory, whose failures a test decides.
public class MemoryBackup implements Backup, BackupDisk {

    /// What happens at a read, before it.
    public interface BeforeRead {
        void read(long position, int length) throws IOException;
    }

    public final byte[] content;
    public volatile String identity = "identity-1";
    public volatile BeforeRead beforeRead = (_, _) -> {
    };
    public volatile boolean closed;
    public final Set<String> holders = ConcurrentHashMap.newKeySet();
    private final boolean knowsZeros;

    public MemoryBackup(byte[] content, boolean knowsZeros) {
        this.content = content;
        this.knowsZeros = knowsZeros;
    }

    /// Random content of which about every third run of blocks is zeros.
    public static byte[] mixed(int size, long seed) {
        var random = new Random(seed);
        byte[] bytes = new byte[size];
        for (int at = 0; at < size;) {
            int end = Math.min(size, at + 4096 * (1 + random.nextInt(16)));
            if (random.nextInt(3) > 0) {
                for (int i = at; i < end; i++) {
                    bytes[i] = (byte) random.nextInt(256);
                }
            }
            at = end;
        }
        return bytes;
    }

    /// Where a live disk finds it.
    public BackupDiskSource source() {
        return new BackupDiskSource() {
            @Override
            public BackupDisk disk() {
                return MemoryBackup.this;
            }

            @Override
            public void failed(BackupDisk disk, IOException cause) {
                // The same object is used again: in memory there is nothing to open anew.
            }

            @Override
            public boolean hasOtherCopy() {
                return false;
            }

            @Override
            public String location() {
                return "memory";
            }
        };
    }

    @Override
    public String format() {
        return "memory";
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Optional<Instant> takenAt() {
        return Optional.empty();
    }

    @Override
    public List<? extends BackupDisk> disks() {
        return List.of(this);
    }

    @Override
    public List<String> files() {
        return List.of("memory");
    }

    @Override
    public void hold(Holder holder) {
        holders.add(holder.id());
    }

    @Override
    public void release(String holderId) {
        holders.remove(holderId);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String name() {
        return "disk-0";
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        beforeRead.read(position, target.remaining());
        target.put(content, Math.toIntExact(position), target.remaining());
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return all(true).stream().map(e -> new Extent(e.range().within(range), e.kind()))
                .filter(e -> !e.range().isEmpty()).iterator();
    }

    @Override
    public Iterator<Extent> readOrder() {
        return all(false).reversed().iterator();
    }

    @Override
    public int bestReadSize() {
        return 65_536;
    }

    private List<Extent> all(boolean withZeros) {
        var extents = new ArrayList<Extent>();
        int step = 65_536;
        for (int at = 0; at < content.length; at += step) {
            int end = Math.min(content.length, at + step);
            boolean zero = knowsZeros && isZero(at, end);
            if (withZeros || !zero) {
                extents.add(new Extent(new ByteRange(at, end),
                        zero ? Extent.Kind.ZERO : knowsZeros ? Extent.Kind.DATA : Extent.Kind.UNKNOWN));
            }
        }
        return extents;
    }

    private boolean isZero(int from, int end) {
        for (int i = from; i < end; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
