package org.vmfinalize.finalization;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.DiskReadOnlyException;
import org.vmfinalize.disk.WrongBlockException;

/// What a finalization's own thread does: hydrate, seal, and wait where that helps.
final class JobThread {

    private static final Logger LOG = LoggerFactory.getLogger(JobThread.class);

    private final JobState state;
    private final DiskWork work;
    private final Optional<Verification> verification;
    private final InstantDisks disks;
    private final RetryPauses pauses;
    private final Runnable tell;

    /// @param tell called after each change of the state
    JobThread(JobState state, DiskWork work, Optional<Verification> verification, InstantDisks disks,
            RetryPauses pauses, Runnable tell) {
        this.state = state;
        this.work = work;
        this.verification = verification;
        this.disks = disks;
        this.pauses = pauses;
        this.tell = tell;
    }

    void run() {
        try {
            finalizeDisks();
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "finalization of '{}' failed by an error of the program; the VM goes on running from its backup",
                    disks.vmFolder(), e);
            end(FinalizationState.FAILED, "an error of the program (%s); see the server's log".formatted(e));
        }
    }

    private void finalizeDisks() {
        Duration pause = pauses.first();
        long doneBefore = work.doneBytes();
        while (state.awaitLeave()) {
            tell.run();
            try {
                if (work.hydrate(state::isStopWanted) && verify() && state.trySealing()) {
                    tell.run();
                    disks.seal();
                    end(FinalizationState.COMPLETED, null);
                    return;
                }
            } catch (FormatException | DiskReadOnlyException | WrongBlockException e) {
                LOG.error("finalization of '{}' failed; the VM goes on running from its backup",
                        disks.vmFolder(), e);
                end(FinalizationState.FAILED, e.getMessage());
                return;
            } catch (IOException e) {
                LOG.warn("finalization of '{}' waits: {}", disks.vmFolder(), e.getMessage());
                pause = work.doneBytes() > doneBefore ? pauses.first() : pause;
                doneBefore = work.doneBytes();
                state.pauseFor(WaitsFor.after(e), String.valueOf(e.getMessage()), pause, tell);
                pause = pauses.after(pause);
            }
        }
        end(FinalizationState.CANCELLED, null);
    }

    /// @return false if it was stopped before
    private boolean verify() throws IOException {
        if (verification.isEmpty()) {
            return true;
        }
        if (!state.tryVerifying()) {
            return false;
        }
        tell.run();
        return verification.get().run(state::isStopWanted);
    }

    private void end(FinalizationState end, @Nullable String failure) {
        state.end(end, failure);
        tell.run();
    }
}
