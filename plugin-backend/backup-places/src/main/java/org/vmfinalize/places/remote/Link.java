package org.vmfinalize.places.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.places.BackupNotFoundException;

/// How a place is asked: by how many requests at a time, and for how long again after a failure.
///
/// **Threads:** any number.
public final class Link {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String place;
    private final Semaphore requests;
    private final Duration retryFor;

    /// @param place the place's name, for messages
    /// @param parallelism how many requests may be under way, at least 1
    /// @param retryFor for how long a request that makes no progress is repeated; zero: not at all
    public Link(String place, int parallelism, Duration retryFor) {
        if (parallelism < 1) {
            throw new IllegalArgumentException(
                    "place %s: parallelism must be at least 1 but was %d".formatted(place, parallelism));
        }
        this.place = place;
        this.requests = new Semaphore(parallelism);
        this.retryFor = retryFor;
    }

    /// A step towards an answer.
    @FunctionalInterface
    public interface Attempt {

        /// Asks once.
        ///
        /// @throws PassingException if it is worth another try
        void make() throws IOException;

        /// Something that grows as the answer comes in: then the time begins anew.
        default long progress() {
            return 0;
        }
    }

    /// Makes an attempt until it succeeds, with growing pauses.
    ///
    /// @param location what is asked for, without credentials
    /// @throws IOException if it will not succeed, or did not for too long; the message names the place
    public void attempt(String location, Attempt attempt) throws IOException {
        long start = System.nanoTime();
        long progress = attempt.progress();
        for (int failures = 0;; failures++) {
            try {
                attemptOnce(attempt);
                return;
            } catch (PassingException e) {
                if (attempt.progress() != progress) {
                    progress = attempt.progress();
                    start = System.nanoTime();
                    failures = 0;
                }
                Duration pause = pause(failures, e.after());
                if (System.nanoTime() - start + pause.toNanos() > retryFor.toNanos()) {
                    throw new IOException("place %s: %s: must be readable but was not for %s: %s".formatted(
                            place, location, shown(retryFor), e.getMessage()), e);
                }
                sleep(pause);
            } catch (FormatException | ClosedChannelException | InterruptedIOException e) {
                throw e;
            } catch (BackupNotFoundException e) {
                throw new BackupNotFoundException("place %s: %s: %s".formatted(place, location,
                        e.getMessage()), e);
            } catch (IOException e) {
                throw new IOException("place %s: %s: %s".formatted(place, location, e.getMessage()), e);
            }
        }
    }

    /// Such as `10s` or `0.3s`.
    private static String shown(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    private void attemptOnce(Attempt attempt) throws IOException {
        try {
            requests.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            attempt.make();
        } finally {
            requests.release();
        }
    }

    /// Spread out, so that readers that failed together do not come back together.
    private static Duration pause(int failures, Duration asked) {
        long longest = Math.min(FIRST_PAUSE.toMillis() << Math.min(failures, 10), LONGEST_PAUSE.toMillis());
        var own = Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        return own.compareTo(asked) < 0 ? asked : own;
    }

    private static void sleep(Duration pause) throws IOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        var failure = new InterruptedIOException("the reading thread was interrupted");
        failure.initCause(e);
        return failure;
    }
}
