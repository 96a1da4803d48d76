package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.hydration.Hydrator;
import org.vmfinalize.hydration.RateLimit;

/// Random histories of a live disk, compared with an array of bytes.
class LiveDiskModelTest {

    private static final int SMALL = 60 * 4096 + 1536;
    private static final int LARGE = (3 << 20) + 4096 + 512;
    private static final Path STATE = Path.of("/ds/state/disk-0");
    private static final Path FLAT = Path.of("/ds/vm/disk-flat.vmdk");
    private static final UUID ID = UUID.fromString("00000000-0000-0001-0000-000000000002");
    private static final LiveDiskSettings SETTINGS = new LiveDiskSettings(Duration.ZERO, 160);

    record Step(String kind, int position, int length, int seed) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return histories(SMALL, 60, Arbitraries.oneOf(Arbitraries.integers().between(0, 20_000),
                Arbitraries.of(512, 4096, 8192, 65_536)));
    }

    @Provide
    Arbitrary<List<Step>> largeHistories() {
        return histories(LARGE, 25,
                Arbitraries.oneOf(Arbitraries.integers().between(1, 2048).map(s -> s * 512),
                        Arbitraries.integers().between(1, 1 << 20),
                        Arbitraries.of(64 << 10, 256 << 10, 1 << 20)));
    }

    private static Arbitrary<List<Step>> histories(int size, int steps, Arbitrary<Integer> lengths) {
        Arbitrary<String> kinds = Arbitraries.of("read", "write", "write", "write", "zero", "flush", "flush",
                "hydrate",
                "hydrate", "run", "zeros", "prove", "lose power", "lose power", "kill", "kill",
                "kill inside", "kill inside", "failed force", "reopen", "seal");
        Arbitrary<Integer> positions = Arbitraries.oneOf(Arbitraries.integers().between(0, size - 1),
                Arbitraries.integers().between(0, size / 512 - 1).map(s -> s * 512),
                Arbitraries.integers().between(0, size / 4096).map(b -> b * 4096));
        return Combinators.combine(kinds, positions, lengths, Arbitraries.integers()).as(Step::new).list()
                .ofMinSize(1)
                .ofMaxSize(steps);
    }

    /// More tries than usual: `-Djqwik.tries.default=100000`.
    @Property
    void readsWhatWasWrittenAndKeepsWhatWasFlushed(@ForAll("histories") List<Step> history, @ForAll int seed,
            @ForAll boolean knowsZeros) throws IOException {
        new World(SMALL, seed, knowsZeros).run(history);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void doesSoForWritesOfUpToAMebibyte(@ForAll("largeHistories") List<Step> history, @ForAll int seed,
            @ForAll boolean knowsZeros) throws IOException {
        new World(LARGE, seed, knowsZeros).run(history);
    }

    /// A disk, what it must hold, and what may be lost.
    private static final class World {

        private final int size;
        private final PowerLossVolume volume;
        private final MemoryBackup backup;
        private final byte[] expected;

        /// What the last flush made durable, and all versions of the disk since then, the oldest first.
        private byte[] flushed;
        private final List<byte[]> since = new ArrayList<>();
        private LiveDisk disk;
        private boolean sealed;
        private boolean plain;

        /// What the guest did to each block: nothing, something that is durable, or something that power loss may undo.
        private final Touch[] touches;

        World(int size, int seed, boolean knowsZeros) throws IOException {
            this.size = size;
            touches = new Touch[Math.ceilDiv(size, 4096)];
            var random = new Random(seed);
            volume = new PowerLossVolume(random);
            // The backup ends a little before the disk, in the middle of a sector.
            backup = new MemoryBackup(MemoryBackup.mixed(size - 100, seed), knowsZeros);
            expected = Arrays.copyOf(backup.content, size);
            volume.createFolder(Path.of("/ds/state"));
            volume.createFolder(STATE);
            disk = LiveDisk.create(volume, STATE, FLAT, "disk", ID, size, backup.source(), SETTINGS);
            volume.forceFolder(STATE);
            flushed = expected.clone();
            Arrays.fill(touches, Touch.NONE);
        }

        private enum Touch {
            NONE, KEPT, YOUNG, KILLED, DOUBTFUL
        }

        private void touch(int position, int length) {
            for (int block = position / 4096; length > 0
                    && block <= (position + length - 1) / 4096; block++) {
                touches[block] = touches[block] == Touch.KEPT ? Touch.KEPT : Touch.YOUNG;
            }
        }

        private void become(Touch from, Touch to) {
            Arrays.setAll(touches, i -> touches[i] == from ? to : touches[i]);
        }

        /// Of each local block it is known that it is the guest's, or it is the backup's.
        private void prove() throws IOException {
            for (int i = 0; i < touches.length && !sealed && !plain; i++) {
                int length = Math.min(4096, size - i * 4096);
                if (disk.isLocal(i * 4096L, length)) {
                    prove(i, length);
                }
            }
        }

        private void prove(int block, int length) throws IOException {
            try {
                var found = disk.proof().read(ByteBuffer.allocate(length), block * 4096L);
                switch (touches[block]) {
                    case NONE -> assertThat(found.guest()).as("block %d", block).isZero();
                    case KEPT, YOUNG -> assertThat(found.guest()).as("block %d", block).isOne();
                    case KILLED, DOUBTFUL -> {
                    }
                }
            } catch (WrongBlockException e) {
                // Bytes of a write that nobody was told is stable may have outlived its mark.
                assertThat(touches[block]).as(e.getMessage()).isEqualTo(Touch.DOUBTFUL);
            }
        }

        void run(List<Step> history) throws IOException {
            for (var step : history) {
                int position = Math.min(step.position, size);
                int length = Math.min(step.length, size - position);
                switch (step.kind) {
                    case "read" -> check(position, length);
                    case "write" -> write(position, length, step.seed);
                    case "zero" -> zero(position, length);
                    case "flush" -> flush();
                    case "prove" -> prove();
                    case "hydrate" -> hydrate(position, length);
                    case "run" -> hydrateUntilPaused(step.seed);
                    case "zeros" -> hydrateZeros();
                    case "lose power" -> losePower();
                    case "kill" -> kill();
                    case "kill inside" -> killInside(position, length, step.seed);
                    case "failed force" -> failForce(step.seed);
                    case "reopen" -> reopen();
                    default -> seal();
                }
            }
            prove();
            check(0, size);
        }

        private byte[] read(int position, int length) throws IOException {
            var target = ByteBuffer.allocate(length);
            disk.read(target, position);
            return target.array();
        }

        private void check(int position, int length) throws IOException {
            assertThat(read(position, length))
                    .isEqualTo(Arrays.copyOfRange(expected, position, position + length));
        }

        private void write(int position, int length, int seed) throws IOException {
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            touch(position, length);
            System.arraycopy(bytes, 0, expected, position, length);
            since.add(expected.clone());
            disk.write(ByteBuffer.wrap(bytes), position);
        }

        private void zero(int position, int length) throws IOException {
            disk.zero(position, length);
            touch(position, length);
            Arrays.fill(expected, position, position + length, (byte) 0);
            since.add(expected.clone());
        }

        private void flush() throws IOException {
            disk.flush();
            become(Touch.YOUNG, Touch.KEPT);
            allDurable();
        }

        private void allDurable() {
            flushed = expected.clone();
            since.clear();
        }

        private void hydrate(int position, int length) throws IOException {
            var missing = disk.missing();
            var run = missing.next(new ByteRange(position & -4096L, size));
            long end = Math.min(run.end(), run.start() + ((length + 4095L) & -4096L));
            var buffer = ByteBuffer.allocate((int) (end - run.start()));
            missing.read(buffer, run.start());
            missing.fill(buffer.flip(), run.start(), false);
        }

        /// A job that its user pauses at one of its reads; the next one of these resumes it, with another limit.
        private void hydrateUntilPaused(int seed) throws IOException {
            if (sealed || disk.missing().isEmpty()) {
                return; // where nothing is to be done, nothing is made durable
            }
            var random = new Random(seed);
            var readsLeft = new AtomicInteger(random.nextInt(3));
            var hydrator = new Hydrator(disk, new RateLimit(random.nextBoolean() ? 0 : 1L << 30), false, 1);
            backup.beforeRead = (_, _) -> {
                if (readsLeft.getAndDecrement() == 0) {
                    hydrator.stop();
                }
            };
            boolean done = hydrator.run();
            backup.beforeRead = (_, _) -> {
            };
            assertThat(disk.missing().isEmpty()).isEqualTo(done);
            if (done) {
                become(Touch.YOUNG, Touch.KEPT);
                allDurable();
            }
        }

        private void hydrateZeros() throws IOException {
            var extents = backup.extents(new ByteRange(0, backup.size()));
            while (extents.hasNext()) {
                var extent = extents.next();
                long end = extent.range().end() / 4096 * 4096;
                if (extent.kind() == Extent.Kind.ZERO && end > extent.range().start()) {
                    disk.missing().fillZeros(new ByteRange(extent.range().start(), end), false);
                }
            }
        }

        private void seal() throws IOException {
            if (sealed) {
                return;
            }
            while (!disk.missing().isEmpty()) {
                hydrate(0, size);
            }
            disk.seal();
            sealed = true;
            allDurable();
        }

        private void reopen() throws IOException {
            disk.close();
            become(Touch.YOUNG, Touch.KEPT);
            if (!sealed) {
                allDurable();
                open();
            } else {
                openPlain();
            }
        }

        private void losePower() throws IOException {
            volume.losePower();
            become(Touch.YOUNG, Touch.DOUBTFUL);
            become(Touch.KILLED, Touch.DOUBTFUL);
            flushed = comeBack();
            since.clear();
        }

        /// The process dies, and nothing that it has written is lost but what it had in its memory.
        private void kill() throws IOException {
            volume.kill();
            become(Touch.YOUNG, Touch.KILLED);
            since.add(comeBack()); // the power may still be lost
        }

        /// The process dies at some step of what a disk does.
        private void killInside(int position, int length, int seed) throws IOException {
            var random = new Random(seed);
            var left = new AtomicInteger(random.nextInt(10));
            volume.fault = (step, _) -> {
                if (!step.equals("read") && left.getAndDecrement() <= 0) {
                    throw new IOException("killed");
                }
            };
            boolean wasSealed = sealed;
            var before = touches.clone();
            try {
                switch (random.nextInt(4)) {
                    case 0 -> write(position, length, seed);
                    case 1 -> hydrate(position, length);
                    case 2 -> seal();
                    default -> flush();
                }
            } catch (IOException _) {
                sealed = wasSealed;
                // The write may not have come so far as to say that the block is the guest's.
                Arrays.setAll(touches, i -> before[i] == Touch.DOUBTFUL ? Touch.DOUBTFUL : touches[i]);
            }
            volume.fault = (_, _) -> {
            };
            sealed |= !volume.exists(STATE);
            kill();
        }

        /// The datastore fails to make something durable, and forgets it; the server is started again.
        private void failForce(int seed) throws IOException {
            var left = new AtomicInteger(new Random(seed).nextInt(4));
            volume.fault = (step, _) -> {
                if (step.equals("force") && left.getAndDecrement() == 0) {
                    throw new IOException("Input/output error");
                }
            };
            volume.forgetful = true;
            boolean failed = false;
            try {
                flush();
            } catch (IOException _) {
                failed = true;
            }
            volume.fault = (_, _) -> {
            };
            volume.forgetful = false;
            if (failed) {
                assertThatExceptionOfType(DiskReadOnlyException.class).isThrownBy(disk::flush);
                kill();
            }
        }

        /// @return what is there
        private byte[] comeBack() throws IOException {
            if (volume.exists(STATE)) {
                sealed = false;
                open();
            } else {
                assertThat(sealed).as("only a sealed disk has no state").isTrue();
                openPlain();
            }
            byte[] found = read(0, size);
            for (int i = 0; i < size; i++) {
                if (found[i] != flushed[i] && !wasThere(i, found[i])) {
                    fail("byte %d is neither what was flushed nor what was written since", i);
                }
            }
            System.arraycopy(found, 0, expected, 0, size);
            return found;
        }

        private boolean wasThere(int index, byte value) {
            for (byte[] version : since) {
                if (version[index] == value) {
                    return true;
                }
            }
            return false;
        }

        private void open() throws IOException {
            disk = LiveDisk.open(volume, STATE, FLAT, "disk", ID, size, backup.source(), SETTINGS);
        }

        /// A sealed disk is a plain file: to go on, a new live disk is laid over it.
        private void openPlain() throws IOException {
            assertThat(volume.bytes(FLAT)).hasSize(size);
            volume.createFolder(STATE);
            var map = new BlockMap(Math.ceilDiv(size, 4096));
            map.mark(0, map.blockCount(), Origin.BACKUP);
            MapStore.create(volume, STATE, ID, size, map).store().close();
            plain = true;
            open();
            sealed = false;
        }
    }
}
