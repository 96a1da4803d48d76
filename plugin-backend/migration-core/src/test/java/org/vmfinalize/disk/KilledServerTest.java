package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.ByteRange;

/// A process of its own writes, flushes, says what it has flushed, hydrates, and is killed at any moment.
class KilledServerTest {

    private static final int KILLS = 4;
    private static final int SECTORS = 16_384;
    private static final int SIZE = SECTORS * 512;
    private static final UUID ID = new UUID(5, 6);

    @TempDir
    Path directory;

    @Test
    @Timeout(80)
    void whatWasFlushedSurvivesEveryKill() throws Exception {
        surviveKills(KILLS);
    }

    /// The long form, for `scripts/storm`: a fresh disk for every ten kills, since a disk comes to its end.
    ///
    /// @param arguments the number of kills, and a folder for the disks
    public static void main(String[] arguments) throws Exception {
        int kills = Integer.parseInt(arguments[0]);
        for (int done = 0; done < kills;) {
            int round = Math.min(10, kills - done);
            var storm = new KilledServerTest();
            storm.directory = Files.createTempDirectory(Path.of(arguments[1]), "vm-finalize-storm-");
            storm.surviveKills(round); // leaves the folder for a look if it fails
            try (var files = Files.walk(storm.directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            done += round;
            System.out.println("survived " + done + " of " + kills + " kills");
        }
    }

    private void surviveKills(int kills) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("KilledServerTest: seed " + seed);
        var random = new Random(seed);
        byte[] content = MemoryBackup.mixed(SIZE, seed);
        Files.write(directory.resolve("backup"), content);
        Files.createDirectory(directory.resolve("state"));
        open(directory, true).close();

        // By sector: the version that was flushed last, and the one that was written last.
        int[] flushed = new int[SECTORS];
        int[] written = new int[SECTORS];
        for (int kill = 0; kill < kills; kill++) {
            runAndKill(random, 300 + random.nextInt(1500), kill, flushed, written);
            check(content, flushed, written);
        }
    }

    private void runAndKill(Random random, int lines, int round, int[] flushed, int[] written)
            throws Exception {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Child.class.getName(), directory.toString(), Integer.toString(round),
                Long.toString(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (int i = 0; i < lines; i++) {
                follow(output.readLine(), flushed, written);
            }
            // By its handle: the process itself would close its output as well.
            assertThat(process.toHandle().destroyForcibly()).isTrue();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.endsWith(".")) {
                    follow(line, flushed, written);
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /// `w SECTOR VERSION .` before a write; `f .` after a flush.
    private static void follow(String line, int[] flushed, int[] written) {
        assertThat(line).as("the child's output").isNotNull();
        var words = line.split(" ", -1);
        if (words[0].equals("f")) {
            System.arraycopy(written, 0, flushed, 0, SECTORS);
        } else {
            written[Integer.parseInt(words[1])] = Integer.parseInt(words[2]);
        }
    }

    private void check(byte[] content, int[] flushed, int[] written) throws IOException {
        try (var disk = open(directory, false)) {
            var all = ByteBuffer.allocate(SIZE);
            disk.read(all, 0);
            for (int sector = 0; sector < SECTORS; sector++) {
                byte[] found = new byte[512];
                all.get(sector * 512, found);
                // The write announced last may have been done or not; all before are flushed or older.
                boolean right = Arrays.equals(found, sector(content, sector, flushed[sector]))
                        || Arrays.equals(found, sector(content, sector, written[sector]))
                        || isBetween(found, content, sector, flushed[sector], written[sector]);
                assertThat(right)
                        .as("sector %d: flushed %d, written %d", sector, flushed[sector], written[sector])
                        .isTrue();
                // What is there now is where the next round starts.
                written[sector] = Arrays.equals(found, sector(content, sector, written[sector]))
                        ? written[sector]
                        : flushed[sector];
                flushed[sector] = written[sector];
            }
        }
    }

    private static boolean isBetween(byte[] found, byte[] content, int sector, int from, int to) {
        for (int version = from + 1; version < to; version++) {
            if (Arrays.equals(found, sector(content, sector, version))) {
                return true;
            }
        }
        return false;
    }

    /// The content of a sector by its version; 0 is the backup's.
    private static byte[] sector(byte[] content, int sector, int version) {
        byte[] bytes = new byte[512];
        if (version == 0) {
            System.arraycopy(content, sector * 512, bytes, 0, 512);
        } else {
            new Random(sector * 1_000_003L + version).nextBytes(bytes);
        }
        return bytes;
    }

    private static LiveDisk open(Path directory, boolean create) throws IOException {
        var backup = new MemoryBackup(Files.readAllBytes(directory.resolve("backup")), false);
        var settings = new LiveDiskSettings(Duration.ofSeconds(1), 4096);
        return create
                ? LiveDisk.create(Volume.local(), directory.resolve("state"), directory.resolve("flat"),
                        "disk", ID,
                        SIZE, backup.source(), settings)
                : LiveDisk.open(Volume.local(), directory.resolve("state"), directory.resolve("flat"), "disk",
                        ID, SIZE,
                        backup.source(), settings);
    }

    /// The process that is killed.
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            var directory = Path.of(arguments[0]);
            int round = Integer.parseInt(arguments[1]);
            var random = new Random(Long.parseLong(arguments[2]));
            var disk = open(directory, false);
            Thread.ofPlatform().daemon().start(() -> hydrateSlowly(disk));
            var version = new int[SECTORS];
            while (true) {
                int sector = random.nextInt(SECTORS);
                version[sector] = Math.max(version[sector], round * 100_000) + 1;
                System.out.println("w " + sector + " " + version[sector] + " .");
                disk.write(ByteBuffer.wrap(sector(new byte[0], sector, version[sector])), sector * 512L);
                if (random.nextInt(20) == 0) {
                    disk.flush();
                    System.out.println("f .");
                }
            }
        }

        private static void hydrateSlowly(LiveDisk disk) {
            var missing = disk.missing();
            var random = new Random(1);
            try {
                while (!missing.isEmpty()) {
                    long from = random.nextInt(SIZE / 4096) * 4096L;
                    var run = missing.next(new ByteRange(from, Math.min(SIZE, from + 4096)));
                    if (!run.isEmpty()) {
                        var buffer = ByteBuffer.allocate((int) run.length());
                        missing.read(buffer, run.start());
                        missing.fill(buffer.flip(), run.start(), false);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
