package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.nfs.StormServer.When;

/// A server is killed with SIGKILL at random moments of its life: while it makes the disks of an instant VM, while it serves
/// and hydrates them, and while it seals them. Its client, over NFS, remembers what was called stable, and finds it.
class StormTest {

    private static final int KILLS = 6;
    private static final int MAX_SECTORS = 128;
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    private Path directory;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);
    private final SectorLog log = new SectorLog(TestBackup.mixed(StormServer.DISK_BYTES, seed), seed);
    private final Map<When, Integer> kills = new EnumMap<>(When.class);

    @Test
    @Timeout(300)
    void whatWasCalledStableSurvivesEveryKill() throws Exception {
        surviveKills(KILLS);
    }

    /// The long form, for `scripts/storm`.
    ///
    /// @param arguments the number of kills, and a folder for the disks
    public static void main(String[] arguments) throws Exception {
        int wanted = Integer.parseInt(arguments[0]);
        var all = new EnumMap<When, Integer>(When.class);
        for (int done = 0; done < wanted;) {
            var storm = new StormTest();
            storm.directory = Files.createTempDirectory(Path.of(arguments[1]), "vm-finalize-storm-");
            storm.surviveKills(wanted - done); // leaves the folder for a look if it fails
            try (var files = Files.walk(storm.directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            storm.kills.forEach((when, count) -> all.merge(when, count, Integer::sum));
            done = all.values().stream().mapToInt(Integer::intValue).sum();
            System.out.println(
                    "over NFS: survived %d of %d kills: %d while disks were made, %d while they were served, %d while they were sealed"
                            .formatted(done, wanted, all.getOrDefault(When.CREATING, 0),
                                    all.getOrDefault(When.READY, 0),
                                    all.getOrDefault(When.SEALING, 0)));
        }
    }

    /// One instant VM's life, from its making to its end as ordinary files, or to the last kill.
    private void surviveKills(int most) throws Exception {
        System.out.println("StormTest: seed " + seed);
        boolean finished = false;
        for (int kill = 0; kill < most && !finished; kill++) {
            finished = liveAndDie(kill);
        }
        if (finished) {
            assertThat(Files.readAllBytes(directory.resolve("web/disk-0-flat.vmdk")))
                    .satisfies(log::check);
        }
    }

    /// @return whether the disks are complete
    private boolean liveAndDie(int kill) throws Exception {
        // The first lives end while the disks are made; later ones while they are served, every third while they are sealed.
        boolean there = Files.exists(directory.resolve("web"));
        var when = !there && random.nextInt(3) > 0
                ? When.CREATING
                : kill % 3 == 2 ? When.SEALING : When.READY;
        long delay = switch (when) {
            case CREATING -> random.nextLong(80 * MILLISECOND);
            case READY -> random.nextLong(1500 * MILLISECOND);
            case SEALING -> random.nextLong(8 * MILLISECOND);
        };
        boolean complete = isComplete(there);
        long bytesPerSecond = when == When.SEALING ? 0 : 400_000L + random.nextInt(2_000_000);
        try (var server = StormServer.start(directory, seed, bytesPerSecond, complete ? When.READY : when,
                delay)) {
            use(server);
            kills.merge(server.awaitKill(), 1, Integer::sum);
            return complete || server.isFinished();
        } catch (Throwable e) {
            throw new AssertionError(
                    "seed %d, kill %d, after %s: %s".formatted(seed, kill, when, e.getMessage()),
                    e);
        }
    }

    private boolean isComplete(boolean there) throws IOException {
        try (var states = Files.list(directory.resolve(".vmfinalize"))) {
            return there && states.noneMatch(Files::isDirectory);
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private void use(StormServer server) throws Exception {
        var ports = server.awaitPorts();
        if (ports == null) {
            return;
        }
        try (var client = new Nfs3Client(ports)) {
            byte[] flat = client.lookup(client.mount("/ds/web").handle(), "disk-0-flat.vmdk").handle();
            log.check(readAll(client, flat));
            long verifier = client.commit(flat).verifier();
            while (true) {
                write(client, flat, verifier);
            }
        } catch (IOException | RuntimeException e) {
            if (!server.isDying()) {
                throw e;
            }
        }
    }

    private void write(Nfs3Client client, byte[] flat, long verifier) throws IOException {
        int count = 1 + random.nextInt(random.nextInt(MAX_SECTORS) + 1);
        int first = random.nextInt(log.sectors() - count);
        int stability = random.nextInt(3) == 0 ? Nfs3Client.FILE_SYNC : Nfs3Client.UNSTABLE;
        var written = client.write(flat, (long) first * SectorLog.SECTOR_BYTES, log.next(first, count),
                stability);
        assertThat(written.status()).isZero();
        assertThat(written.verifier()).isEqualTo(verifier);
        if (written.committed() == Nfs3Client.FILE_SYNC) {
            log.stable(first, count);
        }
        if (random.nextInt(15) == 0) {
            var committed = client.commit(flat);
            assertThat(committed.status()).isZero();
            assertThat(committed.verifier()).isEqualTo(verifier);
            log.allStable();
        }
    }

    private static byte[] readAll(Nfs3Client client, byte[] file) throws IOException {
        byte[] all = new byte[StormServer.DISK_BYTES];
        for (int at = 0; at < all.length;) {
            var read = client.read(file, at, 1 << 20);
            assertThat(read.status()).isZero();
            System.arraycopy(read.data(), 0, all, at, read.data().length);
            at += read.data().length;
        }
        return all;
    }
}
