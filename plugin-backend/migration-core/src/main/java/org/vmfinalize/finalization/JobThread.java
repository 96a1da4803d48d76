package org.vmfinalize.finalization;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.DiskReadOnlyException;

/// What a finalization's own thread does: hydrate, seal, and wait where that helps.
final class JobThread {

    private static final Logger LOG = LoggerFactory.getLogger(JobThread.class);

    private final JobState state;
    private final DiskWork work;
    private final InstantDisks disks;
    private final RetryPauses pauses;
    private final Runnable tell;

    /// @param tell called after each change of the state
    JobThread(JobState state, DiskWork work, InstantDisks disks, RetryPauses pauses, Runnable tell) {
        this.state = state;
        this.work = work;
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
                if (work.hydrate(state::isStopWanted) && state.trySealing()) {
                    tell.run();
                    disks.seal();
                    end(FinalizationState.COMPLETED, null);
                    return;
                }
            } catch (FormatException | DiskReadOnlyException e) {
                LOG.error("finalization of '{}' failed; the VM goes on running from its backup",
                        disks.vmFolder(), e);
                end(FinalizationState.FAILED, e.getMessage());
                return;
            } catch (IOException e) {
                LOG.warn("finalization of '{}' waits: {}", disks.vmFolder(), e.getMessage());
                pause = work.doneBytes() > doneBefore ? pauses.first() : pause;
                doneBefore = work.doneBytes();
                state.pauseFor(String.valueOf(e.getMessage()), pause, tell);
                pause = pauses.after(pause);
            }
        }
        end(FinalizationState.CANCELLED, null);
    }

    private void end(FinalizationState end, @Nullable String failure) {
        state.end(end, failure);
        tell.run();
    }
}
