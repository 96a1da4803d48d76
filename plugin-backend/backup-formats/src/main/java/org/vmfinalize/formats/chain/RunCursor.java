package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;

/// Walks over a range of a chain, run by run; runs that follow one another in their file are one.
final class RunCursor {

    /// Looking for the end of a longer run would keep the caller waiting.
    private static final long MAX_RUN_BYTES = 1L << 30;

    private final Chain chain;
    private final Effort effort;
    private final long end;
    private long position;

    /// The run at `position`, if it was looked up already.
    private @Nullable Run ahead;

    RunCursor(Chain chain, ByteRange range) {
        this.chain = chain;
        this.effort = new Effort(chain);
        this.position = range.start();
        this.end = range.end();
    }

    /// What looking runs up costs.
    Effort effort() {
        return effort;
    }

    boolean hasNext() {
        return position < end;
    }

    /// The next run as the layer tells it, not yet joined with others.
    Run peek() throws IOException {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Run run = ahead;
        if (run == null) {
            run = chain.runAt(position, end);
            effort.lookedUp();
            ahead = run;
        }
        return run;
    }

    Run next() throws IOException {
        Run run = take();
        while (hasNext() && run.length() < MAX_RUN_BYTES && !effort.isSpent()) {
            Optional<Run> joined = run.joined(peek());
            if (joined.isEmpty()) {
                break;
            }
            take();
            run = joined.get();
        }
        return run;
    }

    private Run take() throws IOException {
        Run run = peek();
        position = run.end();
        ahead = null;
        return run;
    }
}
