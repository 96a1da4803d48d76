package org.vmfinalize.server.backup;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.datastore.BackupOpener;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Compares backups with the checksums that were stored with them, one after another, each on a virtual thread
/// `checksums-ID` that ends with it. What was found last is kept in memory.
///
/// **Threads:** any number.
@Component
class ChecksumChecks implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(ChecksumChecks.class);

    private final BackupOpener backups;
    private final Clock clock;
    private final Map<String, Check> latest = new ConcurrentHashMap<>();
    private final Semaphore turn = new Semaphore(1, true);
    private volatile boolean closing;

    ChecksumChecks(BackupOpener backups, Clock clock) {
        this.backups = backups;
        this.clock = clock;
    }

    /// A look at the checksums of one restore point.
    ///
    /// @param state `running`, `right`, `wrong`, `none` if no checksums are stored, or `failed` if it could not be read
    /// @param files the locations of those that were compared and found right
    /// @param message what is wrong, or why it could not be read
    record Check(String state, long bytesRead, List<String> files, @Nullable String message,
            Instant startedAt,
            @Nullable Instant endedAt) {

        boolean isRunning() {
            return state.equals("running");
        }
    }

    /// Begins to read the backup's files; does nothing new while they are being read.
    Check start(RestorePoint point) {
        var begun = new Check("running", 0, List.of(), null, now(), null);
        var isNew = new AtomicBoolean();
        var now = latest.compute(point.id(), (_, old) -> {
            isNew.set(old == null || !old.isRunning());
            return isNew.get() ? begun : old;
        });
        if (isNew.get()) {
            Thread.ofVirtual().name("checksums-" + point.id()).start(() -> run(point, begun.startedAt()));
        }
        return now;
    }

    /// What was found last.
    ///
    /// @throws Problem if the checksums were not compared since the server was started
    Check find(RestorePoint point) {
        var found = latest.get(point.id());
        if (found == null) {
            throw new Problem(ProblemType.NOT_FOUND,
                    "backup %s: its checksums were not compared since the server was started; begin by POST"
                            .formatted(point.location()));
        }
        return found;
    }

    private void run(RestorePoint point, Instant startedAt) {
        var read = new AtomicLong();
        turn.acquireUninterruptibly();
        try (var backup = backups.open(BackupReference.at(point.location()))) {
            var files = backup.verifyChecksums(bytes -> tell(point, read.addAndGet(bytes), startedAt));
            end(point, files.isEmpty() ? "none" : "right", read.get(), files,
                    files.isEmpty() ? "no checksums are stored with it" : null, startedAt);
        } catch (FormatException e) {
            end(point, "wrong", read.get(), List.of(), e.getMessage(), startedAt);
        } catch (IOException | RuntimeException e) {
            LOG.warn("backup {}: its checksums could not be compared", point.location(), e);
            end(point, "failed", read.get(), List.of(), e.getMessage(), startedAt);
        } finally {
            turn.release();
        }
    }

    private void tell(RestorePoint point, long bytesRead, Instant startedAt) {
        if (closing) {
            throw new IllegalStateException("the server is being stopped");
        }
        latest.put(point.id(), new Check("running", bytesRead, List.of(), null, startedAt, null));
    }

    private void end(RestorePoint point, String state, long bytesRead, List<String> files,
            @Nullable String message,
            Instant startedAt) {
        LOG.info("backup {}: checksums {}{}", point.location(), state, message == null ? "" : ": " + message);
        latest.put(point.id(), new Check(state, bytesRead, files, message, startedAt, now()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void destroy() {
        closing = true;
    }
}
