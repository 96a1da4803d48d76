package org.vmfinalize.lab.linux;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What a guest's script has told, line by line. A line is a word and what belongs to it:
///
///     mounted KERNEL          the disk is mounted
///     read FILES              all files of the backup were read and are as they were
///     wrote FILE BYTES SUM    a file was written over and is durable
///     beat NUMBER SECONDS     one more small write is durable; by the guest's clock
///     wrong WHAT              something was not as it must be
///     unmounted               the disk is not used any more
///     failed WHY              the guest gives up
///
/// **Threads:** one tells, any number ask and wait.
final class GuestTalk {

    private static final String OWN_BEAT_FILE = "beat";

    @GuardedBy("this")
    private String kernel = "";
    @GuardedBy("this")
    private int passes;
    @GuardedBy("this")
    private long verifiedFiles;
    @GuardedBy("this")
    private long writtenFiles;
    @GuardedBy("this")
    private long writtenBytes;
    @GuardedBy("this")
    private long beats;
    @GuardedBy("this")
    private Duration lastBeat = Duration.ZERO;
    @GuardedBy("this")
    private Duration longestGap = Duration.ZERO;
    @GuardedBy("this")
    private boolean unmounted;
    @GuardedBy("this")
    private boolean ended;
    @GuardedBy("this")
    private final List<String> errors = new ArrayList<>();
    /// The last durable content of each file that was written over.
    @GuardedBy("this")
    private final Map<String, String> written = new LinkedHashMap<>();

    synchronized void tell(String line) {
        var words = line.split(" ", -1);
        switch (words[0]) {
            case "mounted" -> kernel = words[1];
            case "read" -> {
                passes++;
                verifiedFiles += Long.parseLong(words[1]);
            }
            case "wrote" -> {
                writtenFiles++;
                writtenBytes += Long.parseLong(words[2]);
                written.put(words[1], words[3]);
            }
            case "beat" -> beat(Long.parseLong(words[1]), new BigDecimal(words[2]));
            case "unmounted" -> unmounted = true;
            default -> errors.add(line);
        }
        notifyAll();
    }

    @GuardedBy("this")
    private void beat(long number, BigDecimal seconds) {
        var now = Duration.ofMillis(seconds.movePointRight(3).longValueExact());
        if (beats > 0 && now.minus(lastBeat).compareTo(longestGap) > 0) {
            longestGap = now.minus(lastBeat);
        }
        lastBeat = now;
        beats = number;
    }

    /// Nothing more will be told.
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized int passes() {
        return passes;
    }

    synchronized long beats() {
        return beats;
    }

    synchronized long writtenFiles() {
        return writtenFiles;
    }

    synchronized boolean isMounted() {
        return !kernel.isEmpty();
    }

    synchronized boolean isUnmounted() {
        return unmounted;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    synchronized Optional<String> firstError() {
        return errors.stream().findFirst();
    }

    /// Waits until something holds, an error is told, or nothing more will be told.
    ///
    /// @return whether it holds
    synchronized boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean() && !ended && errors.isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return condition.getAsBoolean();
    }

    /// What the files that the guest has written must be, as it was told with the last write of each.
    synchronized List<KnownFile> written() {
        var files = new ArrayList<KnownFile>();
        written.forEach((path, sha256) -> files.add(new KnownFile(path, sha256)));
        if (beats > 0) {
            files.add(new KnownFile(OWN_BEAT_FILE, Checksums.of("%4096s".formatted(beats).getBytes(
                    java.nio.charset.StandardCharsets.US_ASCII))));
        }
        return files;
    }

    synchronized LinuxReport report(boolean accelerated) {
        return new LinuxReport(kernel, accelerated, passes, verifiedFiles, writtenFiles, writtenBytes, beats,
                longestGap, errors);
    }
}
