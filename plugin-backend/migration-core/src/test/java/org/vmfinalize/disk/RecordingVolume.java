package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// This machine's files, with a log of every change, of which a power loss at any step can be played back.
///
/// It promises no more than POSIX does: content is there after a force of the file, a name after a force of its folder; all
/// else may be there or not, sector by sector and name by name, in any order, except that changes of one name stay in
/// their order.
public final class RecordingVolume implements Volume {

    private static final int SECTOR = 512;

    /// What is left of that which was not forced.
    public enum Loss {
        /// Nothing.
        ALL,
        /// Everything: as after `kill -9`.
        NONE,
        /// Content only: names reach the disk before the bytes.
        CONTENT,
        /// Names only.
        NAMES,
        /// Whatever chance leaves.
        RANDOM
    }

    private sealed interface Step {}

    private record Name(String what, Path from, Path to, int file) implements Step {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bytes(int file, long position, byte[] bytes) implements Step {}

    private record Length(int file, long length) implements Step {}

    private record Force(int file) implements Step {}

    private record ForceFolder(Path folder) implements Step {}

    private final Path root;
    private final List<Step> log = new ArrayList<>();
    private final Map<Path, Integer> files = new TreeMap<>();
    private int lastFile;

    /// @param root holds all that is recorded, and is empty but for folders
    public RecordingVolume(Path root) {
        this.root = root;
    }

    /// How many steps were taken.
    public synchronized int steps() {
        return log.size();
    }

    private synchronized void record(Step step) {
        log.add(step);
    }

    /// Lays down in `target`, an empty folder, what may be left when the power is lost after `steps` steps.
    public synchronized void playBack(int steps, Loss loss, Random random, Path target) throws IOException {
        var names = new TreeMap<Path, Integer>();
        var lost = new HashSet<Path>();
        for (int i = 0; i < steps; i++) {
            if (log.get(i) instanceof Name name) {
                boolean kept = isForced(name, i, steps) || switch (loss) {
                    case NONE, CONTENT -> true;
                    case ALL, NAMES -> false;
                    case RANDOM -> random.nextBoolean();
                };
                apply(name, kept, names, lost);
            }
        }
        for (var entry : names.entrySet()) {
            Path path = target.resolve(root.relativize(entry.getKey()));
            if (entry.getValue() == 0) {
                Files.createDirectories(path);
            } else {
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                write(path, entry.getValue(), steps, loss, random);
            }
        }
    }

    /// What happened to a name before happens in that order: with one change lost, so are the later ones that need it.
    private static void apply(Name name, boolean kept, Map<Path, Integer> names, Set<Path> lost) {
        if (!kept || lost.contains(name.from)) {
            lost.add(name.to);
            return;
        }
        switch (name.what) {
            case "create" -> names.put(name.to, name.file);
            case "delete" -> names.remove(name.to);
            default -> {
                for (var path : List.copyOf(names.keySet())) {
                    if (path.startsWith(name.from)) {
                        int file = Objects.requireNonNull(names.remove(path));
                        names.put(path.equals(name.from)
                                ? name.to
                                : name.to.resolve(name.from.relativize(path)), file);
                    }
                }
            }
        }
    }

    private boolean isForced(Name name, int at, int steps) {
        return isForced(name.from, at, steps) && isForced(name.to, at, steps);
    }

    private boolean isForced(Path path, int at, int steps) {
        for (int i = at; i < steps; i++) {
            if (log.get(i) instanceof ForceFolder(Path folder) && folder.equals(path.getParent())) {
                return true;
            }
        }
        return false;
    }

    private void write(Path path, int file, int steps, Loss loss, Random random) throws IOException {
        int forced = 0;
        for (int i = 0; i < steps; i++) {
            if (log.get(i) instanceof Force(int which) && which == file) {
                forced = i;
            }
        }
        try (var channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < steps; i++) {
                boolean sure = i < forced || loss == Loss.NONE || loss == Loss.NAMES;
                boolean never = i > forced && (loss == Loss.ALL || loss == Loss.CONTENT);
                if (log.get(i) instanceof Length(int which, long length) && which == file
                        && (sure || (!never && random.nextBoolean()))) {
                    setLength(channel, length);
                } else if (log.get(i) instanceof Bytes(int which, long position, byte[] bytes)
                        && which == file
                        && !never) {
                    writeSectors(channel, position, bytes, sure, random);
                }
            }
        }
    }

    private static void setLength(FileChannel channel, long length) throws IOException {
        if (length < channel.size()) {
            channel.truncate(length);
        } else if (length > channel.size()) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
    }

    private static void writeSectors(FileChannel channel, long position, byte[] bytes, boolean all,
            Random random)
            throws IOException {
        for (int at = 0; at < bytes.length;) {
            int end = all
                    ? bytes.length
                    : (int) Math.min(bytes.length, at + SECTOR - (position + at) % SECTOR);
            if (all || random.nextBoolean()) {
                channel.write(ByteBuffer.wrap(bytes, at, end - at), position + at);
            }
            at = end;
        }
    }

    @Override
    public synchronized VolumeFile create(Path file) throws IOException {
        var open = Volume.local().create(file);
        lastFile++;
        files.put(file, lastFile);
        log.add(new Name("create", file, file, lastFile));
        return new Recorded(lastFile, open);
    }

    @Override
    public synchronized VolumeFile open(Path file) throws IOException {
        return new Recorded(Objects.requireNonNull(files.get(file)), Volume.local().open(file));
    }

    @Override
    public boolean exists(Path fileOrFolder) {
        return Volume.local().exists(fileOrFolder);
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        Volume.local().createFolder(folder);
        log.add(new Name("create", folder, folder, 0));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        Volume.local().rename(from, to);
        log.add(new Name("rename", from, to, 0));
        apply(new Name("rename", from, to, 0), true, files, new HashSet<>());
    }

    @Override
    public synchronized void delete(Path fileOrFolder) throws IOException {
        if (Volume.local().exists(fileOrFolder)) {
            Volume.local().delete(fileOrFolder);
            files.remove(fileOrFolder);
            log.add(new Name("delete", fileOrFolder, fileOrFolder, 0));
        }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        Volume.local().forceFolder(folder);
        record(new ForceFolder(folder));
    }

    private final class Recorded implements VolumeFile {

        private final int file;
        private final VolumeFile open;

        Recorded(int file, VolumeFile open) {
            this.file = file;
            this.open = open;
        }

        @Override
        public long size() throws IOException {
            return open.size();
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            open.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            open.write(source, position);
            record(new Bytes(file, position, bytes));
        }

        @Override
        public void force() throws IOException {
            open.force();
            record(new Force(file));
        }

        @Override
        public void setLength(long length) throws IOException {
            open.setLength(length);
            record(new Length(file, length));
        }

        @Override
        public void zero(long position, long length, boolean keepSpace) throws IOException {
            open.zero(position, length, keepSpace);
            record(new Bytes(file, position, new byte[(int) length]));
        }

        @Override
        public boolean reserve(long position, long length) throws IOException {
            return open.reserve(position, length);
        }

        @Override
        public long nextData(long position, long end) throws IOException {
            return open.nextData(position, end);
        }

        @Override
        public long nextHole(long position, long end) throws IOException {
            return open.nextHole(position, end);
        }

        @Override
        public void close() throws IOException {
            open.close();
        }
    }
}
