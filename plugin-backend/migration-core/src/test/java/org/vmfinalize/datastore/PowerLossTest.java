package org.vmfinalize.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.RecordingVolume;
import org.vmfinalize.disk.RecordingVolume.Loss;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.disk.VolumeFile;

/// The life of an instant VM, with the power lost after every single change of a file or a name: creation, writes, flushes,
/// checkpoints, renames, sealing and the end, or being thrown away.
@Timeout(240)
class PowerLossTest {

    private static final int SIZE = 40 * 4096 + 512;
    private static final LiveDiskSettings SETTINGS = new LiveDiskSettings(Duration.ZERO, 120);

    /// `-Dvmfinalize.everyLoss=true`: all kinds of loss at every step, which takes minutes.
    private static final boolean EVERY_LOSS = Boolean.getBoolean("vmfinalize.everyLoss");

    private static final String KILLED = "killed by the test";

    /// The calls that change something.
    private static final Set<String> CHANGES = Set.of("create", "createFolder", "rename", "delete",
            "forceFolder", "write", "force", "setLength", "zero");

    @TempDir
    Path folder;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 5), true);
    private final byte[] now = backup.content.clone();

    /// What the guest's view was, from a step of the log on.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record View(int step, byte[] bytes, boolean flushed) {}

    private final List<View> views = new ArrayList<>();

    /// Where the disk's file is, from a step on; before it and behind it, both names are right.
    private record Place(int begun, int done, String file) {}

    private final List<Place> places = new ArrayList<>();

    private Path root;
    private RecordingVolume volume;
    private int created = Integer.MAX_VALUE;
    private int ending = Integer.MAX_VALUE;
    private int ended = Integer.MAX_VALUE;
    private boolean discarded;

    @BeforeEach
    void makeDatastore() throws IOException {
        root = Files.createDirectory(folder.resolve("ds")).toRealPath();
        Files.createDirectory(root.resolve(Datastore.HIDDEN_FOLDER));
        volume = new RecordingVolume(root);
    }

    @ParameterizedTest(name = "then {0}")
    @ValueSource(strings = {"sealed", "discarded"})
    void losesNothingThatWasFlushedWhereverThePowerIsLost(String end) throws IOException {
        long seed = System.nanoTime();
        System.out.println("PowerLossTest: seed " + seed);
        live(end, new Random(seed), volume);
        var random = new Random(seed);
        var losses = Loss.values();
        for (int steps = 0; steps <= volume.steps(); steps++) {
            // Every step with one kind of loss, every kind at every fifth step: all of it is in EVERY_LOSS.
            for (var loss : EVERY_LOSS ? List.of(losses) : List.of(losses[steps % losses.length])) {
                Path target = Files.createDirectory(folder.resolve("after-" + steps + "-" + loss));
                Files.createDirectory(target.resolve(Datastore.HIDDEN_FOLDER));
                volume.playBack(steps, loss, random, target);
                try {
                    check(target, steps);
                } catch (IOException | AssertionError e) {
                    throw new AssertionError(
                            "seed %d, step %d of %d, lost: %s".formatted(seed, steps, volume.steps(),
                                    loss),
                            e);
                }
            }
        }
    }

    /// A server that is killed at any step; the next one has writes called stable, and then the power is lost.
    @ParameterizedTest(name = "then {0}")
    @ValueSource(strings = {"sealed", "discarded"})
    void losesNothingThatTheServerAfterAKillHasCalledStable(String end) throws IOException {
        long seed = System.nanoTime();
        System.out.println("PowerLossTest: seed " + seed);
        live(end, new Random(seed), volume);
        int every = EVERY_LOSS ? 1 : Math.max(1, volume.steps() / 8);
        for (int step = new Random(seed).nextInt(every); step < volume.steps(); step += every) {
            var life = new PowerLossTest();
            life.folder = Files.createDirectory(folder.resolve("kill-" + step));
            life.makeDatastore();
            try {
                life.dieAndLosePower(end, seed, step);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed %d, killed at step %d".formatted(seed, step), e);
            }
        }
    }

    private void dieAndLosePower(String end, long seed, int step) throws IOException {
        try {
            live(end, new Random(seed), dying(Volume.class, volume, step));
        } catch (IOException e) {
            assertThat(e).hasStackTraceContaining(KILLED);
        }
        var random = new Random(seed + step);
        try (var next = Datastore.open("ds", root, _ -> backup, SETTINGS, volume)) {
            for (var disk : next.liveDisks()) {
                byte[] found = read(disk);
                checkBytes(found, volume.steps());
                System.arraycopy(found, 0, now, 0, SIZE);
                int position = random.nextInt(SIZE - 5000);
                byte[] bytes = new byte[5000];
                random.nextBytes(bytes);
                System.arraycopy(bytes, 0, now, position, bytes.length);
                disk.write(ByteBuffer.wrap(bytes), position);
                disk.flush();
                see(true);
                created = Math.min(created, volume.steps());
                places.add(new Place(0, volume.steps(),
                        next.directory().relativize(disk.flatFile()).toString()));
            }
            for (var loss : Loss.values()) {
                Path target = Files.createDirectory(folder.resolve("after-" + loss));
                Files.createDirectory(target.resolve(Datastore.HIDDEN_FOLDER));
                volume.playBack(volume.steps(), loss, random, target);
                check(target, volume.steps());
            }
        }
    }

    /// A volume, and its files, that do nothing any more once so many steps were taken.
    private <T> T dying(Class<T> type, T real, int steps) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> {
                    if (volume.steps() >= steps && CHANGES.contains(method.getName())) {
                        throw new IOException(KILLED);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof VolumeFile file
                                ? dying(VolumeFile.class, file, steps)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void live(String end, Random random, Volume files) throws IOException {
        see(true);
        try (var datastore = Datastore.open("ds", root, _ -> backup, SETTINGS, files)) {
            var instant = datastore.create("vm", BackupReference.at("memory"));
            created = volume.steps();
            places.add(new Place(0, created, "vm/disk-0-flat.vmdk"));
            var disk = instant.disks().getFirst();
            work(disk, random, 16);
            rename(files, datastore, "vm/disk-0-flat.vmdk", "vm/b-flat.vmdk", "vm/b-flat.vmdk");
            work(disk, random, 8);
            rename(files, datastore, "vm", "other", "other/b-flat.vmdk");
            work(disk, random, 8);
            discarded = end.equals("discarded");
            if (discarded) {
                ending = volume.steps();
                datastore.discard("other");
            } else {
                hydrate(disk, 0, SIZE);
                ending = volume.steps();
                instant.seal();
            }
            ended = volume.steps();
        }
    }

    private void see(boolean flushed) {
        views.add(new View(volume.steps(), now.clone(), flushed));
    }

    private void work(LiveDisk disk, Random random, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int position = random.nextInt(SIZE);
            int length = random.nextInt(Math.min(20_000, SIZE - position)) + 1;
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    byte[] bytes = new byte[length];
                    random.nextBytes(bytes);
                    System.arraycopy(bytes, 0, now, position, length);
                    see(false);
                    disk.write(ByteBuffer.wrap(bytes), position);
                }
                case 2 -> {
                    Arrays.fill(now, position, position + length, (byte) 0);
                    see(false);
                    disk.zero(position, length);
                }
                case 3 -> hydrate(disk, position & -4096, length);
                default -> {
                    disk.flush();
                    see(true);
                }
            }
        }
    }

    private static void hydrate(LiveDisk disk, int position, int length) throws IOException {
        var missing = disk.missing();
        var range = new ByteRange(position, Math.min(SIZE, (position + length + 4095L) & -4096L));
        for (var run = missing.next(range); !run.isEmpty(); run = missing.next(range)) {
            var buffer = ByteBuffer.allocate((int) run.length());
            missing.read(buffer, run.start());
            missing.fill(buffer.flip(), run.start(), false);
        }
    }

    private void rename(Volume files, Datastore datastore, String from, String to, String file)
            throws IOException {
        int begun = volume.steps();
        datastore.rename(root.resolve(from), root.resolve(to),
                () -> files.rename(root.resolve(from), root.resolve(to)));
        places.add(new Place(begun, volume.steps(), file));
    }

    private void check(Path target, int steps) throws IOException {
        try (var datastore = Datastore.open("after", target, _ -> backup, SETTINGS, Volume.local())) {
            assertThat(datastore.refused()).isEmpty();
            var disk = datastore.liveDisks().stream().findFirst();
            var file = places.stream().filter(place -> place.begun <= steps)
                    .map(place -> datastore.directory()
                            .resolve(place.file))
                    .filter(Files::exists).findFirst();
            if (disk.isPresent()) {
                assertThat(steps).as("a disk that is gone does not come back").isLessThan(ended);
                checkPlace(datastore, disk.get().flatFile(), steps);
                checkBytes(read(disk.get()), steps);
            } else if (steps >= created && steps < ending) {
                fail("the disk is lost");
            } else if (steps >= ending && !discarded) {
                checkPlace(datastore, file.orElseThrow(), steps);
                checkBytes(Files.readAllBytes(file.orElseThrow()), steps);
            } else {
                assertThat(file).as("files of a disk that never was, or is gone").isEmpty();
            }
        }
    }

    private void checkPlace(Datastore datastore, Path file, int steps) {
        Optional<Place> sure = places.stream().filter(place -> place.done <= steps).reduce((_, last) -> last);
        Optional<Place> last = places.stream().filter(place -> place.begun <= steps)
                .reduce((_, place) -> place);
        String found = datastore.directory().relativize(file).toString();
        assertThat(found).isIn(sure.map(Place::file).orElse(""), last.map(Place::file).orElse(""));
    }

    private static byte[] read(LiveDisk disk) throws IOException {
        var target = ByteBuffer.allocate((int) disk.size());
        disk.read(target, 0);
        return target.array();
    }

    /// Every byte is what was flushed last, or what was written since.
    private void checkBytes(byte[] found, int steps) {
        int from = 0;
        int end = 0;
        for (int i = 0; i < views.size(); i++) {
            if (views.get(i).step <= steps) {
                from = views.get(i).flushed ? i : from;
                end = i + 1;
            }
        }
        var possible = views.subList(from, end);
        for (int i = 0; i < found.length; i++) {
            byte value = found[i];
            int index = i;
            if (possible.stream().noneMatch(view -> view.bytes[index] == value)) {
                fail("byte %d is neither what was flushed nor what was written since", i);
            }
        }
    }
}
