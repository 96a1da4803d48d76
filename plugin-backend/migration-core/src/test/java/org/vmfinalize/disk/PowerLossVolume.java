package org.vmfinalize.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// A file system in memory that can lose its power.
///
/// What was not forced may then be there or not, sector by sector and in any order. Names change in their order, as on
/// a journaling file system, up to a point behind the last forced folder. Every method may be made to fail.
public final class PowerLossVolume implements Volume {

    private static final int SECTOR = 512;

    /// Decides before each step whether it fails; the name is that of the method.
    public interface Fault {
        void before(String step, Path file) throws IOException;
    }

    private sealed interface Change {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Write(long position, byte[] bytes) implements Change {}

    private record Length(int length) implements Change {}

    private static final class Content {
        byte[] now = new byte[0];
        byte[] durable = new byte[0];
        final List<Change> unforced = new ArrayList<>();
    }

    private interface NameChange {
        void apply(Map<Path, Content> names);
    }

    private final Random random;
    private Map<Path, Content> names = new HashMap<>();
    private Map<Path, Content> durableNames = new HashMap<>();
    private final List<NameChange> unforcedNames = new ArrayList<>();
    private int powerCycle;
    public volatile Fault fault = (_, _) -> {
    };
    public int forces;

    /// Whether what a force that failed should have made durable is lost for good: later ones take it for durable, as Linux
    /// does, and only power loss shows that it is not.
    public volatile boolean forgetful;

    public PowerLossVolume(Random random) {
        this.random = random;
    }

    /// Loses the power and comes back. Files that are open are of no use any more.
    public synchronized void losePower() {
        powerCycle++;
        int survive = random.nextInt(unforcedNames.size() + 1);
        for (var change : unforcedNames.subList(0, survive)) {
            change.apply(durableNames);
        }
        unforcedNames.clear();
        names = new HashMap<>(durableNames);
        for (var content : names.values()) {
            lose(content);
        }
    }

    /// The process that has files open dies; nothing that it has written is lost.
    public synchronized void kill() {
        powerCycle++;
    }

    private void lose(Content content) {
        for (var change : content.unforced) {
            switch (change) {
                case Length(int length) -> {
                    if (random.nextBoolean()) {
                        content.durable = Arrays.copyOf(content.durable, length);
                    }
                }
                case Write(long position, byte[] bytes) -> {
                    for (int at = 0; at < bytes.length;) {
                        int end = Math.min(bytes.length, at + SECTOR - (int) ((position + at) % SECTOR));
                        if (random.nextBoolean()) {
                            content.durable = put(content.durable, position + at,
                                    Arrays.copyOfRange(bytes, at, end));
                        }
                        at = end;
                    }
                }
            }
        }
        content.unforced.clear();
        content.now = content.durable.clone();
    }

    private static void apply(Change change, Content content) {
        content.durable = switch (change) {
            case Length(int length) -> Arrays.copyOf(content.durable, length);
            case Write(long position, byte[] bytes) -> put(content.durable, position, bytes);
        };
    }

    private static byte[] put(byte[] target, long position, byte[] bytes) {
        int end = (int) position + bytes.length;
        byte[] result = end > target.length ? Arrays.copyOf(target, end) : target;
        System.arraycopy(bytes, 0, result, (int) position, bytes.length);
        return result;
    }

    private synchronized void change(NameChange change) {
        change.apply(names);
        unforcedNames.add(change);
    }

    /// All that is in a file now.
    public synchronized byte[] bytes(Path file) {
        return Objects.requireNonNull(names.get(file)).now.clone();
    }

    @Override
    public synchronized VolumeFile create(Path file) throws IOException {
        fault.before("create", file);
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        var content = new Content();
        change(all -> all.put(file, content));
        return new Open(file, content);
    }

    @Override
    public synchronized VolumeFile open(Path file) throws IOException {
        var content = names.get(file);
        if (content == null) {
            throw new NoSuchFileException(file.toString());
        }
        return new Open(file, content);
    }

    @Override
    public synchronized boolean exists(Path fileOrFolder) {
        return names.containsKey(fileOrFolder);
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        fault.before("createFolder", folder);
        var content = new Content();
        change(all -> all.put(folder, content));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        fault.before("rename", from);
        change(all -> {
            for (var name : List.copyOf(all.keySet())) {
                if (name.startsWith(from)) {
                    all.put(from.equals(name) ? to : to.resolve(from.relativize(name)), all.remove(name));
                }
            }
        });
    }

    @Override
    public synchronized void delete(Path fileOrFolder) throws IOException {
        fault.before("delete", fileOrFolder);
        change(all -> all.remove(fileOrFolder));
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        fault.before("forceFolder", folder);
        unforcedNames.forEach(change -> change.apply(durableNames));
        unforcedNames.clear();
    }

    private final class Open implements VolumeFile {

        private final Path file;
        private final Content content;
        private final int openedIn = powerCycle;

        Open(Path file, Content content) {
            this.file = file;
            this.content = content;
        }

        private void begin(String step) throws IOException {
            if (openedIn != powerCycle) {
                throw new IOException(file + ": was open when the power was lost");
            }
            fault.before(step, file);
        }

        @Override
        public long size() {
            synchronized (PowerLossVolume.this) {
                return content.now.length;
            }
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            synchronized (PowerLossVolume.this) {
                begin("read");
                if (position + target.remaining() > content.now.length) {
                    throw new EOFException(file.toString());
                }
                target.put(content.now, (int) position, target.remaining());
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (PowerLossVolume.this) {
                begin("write");
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                content.now = put(content.now, position, bytes);
                content.unforced.add(new Write(position, bytes));
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (PowerLossVolume.this) {
                try {
                    begin("force");
                } catch (IOException e) {
                    if (forgetful) {
                        content.unforced.clear();
                    }
                    throw e;
                }
                forces++;
                content.unforced.forEach(change -> apply(change, content));
                content.unforced.clear();
            }
        }

        @Override
        public void dropCached() {
            synchronized (PowerLossVolume.this) {
                byte[] durable = content.durable;
                content.unforced.forEach(change -> apply(change, content));
                content.now = content.durable.clone();
                content.durable = durable;
            }
        }

        @Override
        public void setLength(long length) throws IOException {
            synchronized (PowerLossVolume.this) {
                begin("setLength");
                content.now = Arrays.copyOf(content.now, (int) length);
                content.unforced.add(new Length((int) length));
            }
        }

        @Override
        public void zero(long position, long length, boolean keepSpace) throws IOException {
            write(ByteBuffer.allocate((int) length), position);
        }

        @Override
        public boolean reserve(long position, long length) throws IOException {
            begin("reserve");
            return true;
        }

        @Override
        public long nextData(long position, long end) {
            synchronized (PowerLossVolume.this) {
                return next(position, end, false);
            }
        }

        @Override
        public long nextHole(long position, long end) {
            synchronized (PowerLossVolume.this) {
                return next(position, end, true);
            }
        }

        private long next(long position, long end, boolean zero) {
            for (long at = position; at < end; at++) {
                if ((content.now[(int) at] == 0) == zero) {
                    return at;
                }
            }
            return end;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
