package org.vmfinalize.datastore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// What two copies of a restore point have in common, and two restore points do not: the format, the disks' names and
/// sizes, and digests of samples of their content.
///
/// A copy has other files, times and places, so that [Backup#identity()] says nothing here. The samples are taken at random
/// from what the backup has stored. Of two points in time of one machine that differ in a part p of their stored blocks,
/// they tell with a probability of 1 - (1 - p) ^ 1024 that they are two: 99.99 % for one block in a hundred, 64 % for one in
/// a thousand. So it is a guard against a mistake, not against a forger, and not a proof.
///
/// @param format the format's name
/// @param disks in the backup's order
record Fingerprint(String format, List<Disk> disks) {

    /// How many samples of a disk are taken, the two at its ends aside.
    static final int SAMPLES = 1024;

    static final int SAMPLE_BYTES = 4096;

    /// How many samples are read at a time: a place far away answers each of them late.
    private static final int AT_A_TIME = 16;

    Fingerprint {
        disks = List.copyOf(disks);
    }

    /// One disk.
    record Disk(String name, long sizeBytes, List<Sample> samples) {

        Disk {
            samples = List.copyOf(samples);
        }
    }

    /// The SHA-256 of some bytes.
    record Sample(long position, int length, String sha256) {}

    /// Takes samples of a backup, which is read for it: up to 4 MiB of each disk.
    static Fingerprint of(Backup backup, RandomGenerator random) throws IOException {
        var disks = new ArrayList<Disk>();
        for (BackupDisk disk : backup.disks()) {
            var planned = positions(disk, random).stream().map(position -> new Sample(position,
                    (int) Math.min(SAMPLE_BYTES, disk.size() - position), "")).toList();
            disks.add(new Disk(disk.name(), disk.size(), read(disk, planned)));
        }
        return new Fingerprint(backup.format(), disks);
    }

    /// Refuses a backup that is another restore point.
    ///
    /// @param location names it
    /// @throws OtherBackupException if it is
    /// @throws IOException if it cannot be read now
    void require(Backup backup, String location) throws IOException {
        if (!backup.format().equals(format)) {
            throw new OtherBackupException(location,
                    "its format is %s and not %s".formatted(backup.format(), format));
        }
        if (backup.disks().size() != disks.size()) {
            throw new OtherBackupException(location,
                    "it has %d disks and not %d".formatted(backup.disks().size(), disks.size()));
        }
        for (int i = 0; i < disks.size(); i++) {
            require(backup.disks().get(i), disks.get(i), location);
        }
    }

    private static void require(BackupDisk found, Disk expected, String location) throws IOException {
        if (!found.name().equals(expected.name) || found.size() != expected.sizeBytes) {
            throw new OtherBackupException(location,
                    "its disk %s has %d bytes, where %s must have %d".formatted(
                            found.name(), found.size(), expected.name, expected.sizeBytes));
        }
        var samples = read(found, expected.samples);
        for (int i = 0; i < samples.size(); i++) {
            var sample = samples.get(i);
            if (!sample.equals(expected.samples.get(i))) {
                throw new OtherBackupException(location,
                        "its disk %s has other content in the %d bytes at %d".formatted(
                                found.name(), sample.length, sample.position));
            }
        }
    }

    /// The samples at the places of others, a few at a time, on virtual threads that end before this returns.
    private static List<Sample> read(BackupDisk disk, List<Sample> places) throws IOException {
        var turn = new Semaphore(AT_A_TIME);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reads = new ArrayList<Future<Sample>>();
            for (var place : places) {
                turn.acquireUninterruptibly();
                reads.add(threads.submit(() -> {
                    try {
                        return new Sample(place.position, place.length,
                                digest(disk, place.position, place.length));
                    } finally {
                        turn.release();
                    }
                }));
            }
            var samples = new ArrayList<Sample>();
            for (var read : reads) {
                samples.add(read.get());
            }
            return samples;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(
                            "a sample of disk %s could not be read (%s)".formatted(disk.name(), e.getCause()),
                            e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("reading samples was interrupted", e);
        }
    }

    private static List<Long> positions(BackupDisk disk, RandomGenerator random) throws IOException {
        try {
            return randomPositions(disk, random);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Long> randomPositions(BackupDisk disk, RandomGenerator random) throws IOException {
        var positions = new ArrayList<>(List.of(0L, Math.max(0, disk.size() - SAMPLE_BYTES)));
        long stored = 0;
        for (var extents = disk.extents(new ByteRange(0, disk.size())); extents.hasNext();) {
            stored += storedBytes(extents.next());
        }
        long[] chosen = random.longs(stored == 0 ? 0 : SAMPLES, 0, Math.max(1, stored)).sorted().toArray();
        long passed = 0;
        int next = 0;
        for (var extents = disk.extents(new ByteRange(0, disk.size())); next < chosen.length
                && extents.hasNext();) {
            var extent = extents.next();
            for (; next < chosen.length && chosen[next] < passed + storedBytes(extent); next++) {
                positions.add(extent.range().start() + chosen[next] - passed);
            }
            passed += storedBytes(extent);
        }
        return positions.stream().map(position -> position / SAMPLE_BYTES * SAMPLE_BYTES).distinct().sorted()
                .toList();
    }

    private static long storedBytes(Extent extent) {
        return extent.kind() == Extent.Kind.ZERO ? 0 : extent.range().length();
    }

    private static String digest(BackupDisk disk, long position, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        try {
            disk.read(bytes, position);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
