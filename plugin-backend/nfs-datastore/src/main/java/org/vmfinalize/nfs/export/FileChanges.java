package org.vmfinalize.nfs.export;

import java.util.concurrent.atomic.AtomicLong;

/// Counts the changes of a file's content and attributes, so that it is known of two looks at them whether somebody else
/// has changed the file in between. What is not done by clients is not counted.
///
/// **Threads:** any number.
public final class FileChanges {

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    /// Notes that a change begins; to be called before the first look.
    ///
    /// @return the time since then; it must be ended once the change is made, or has failed
    public Span begin() {
        return new Span(begun.incrementAndGet(), 1);
    }

    /// As [#begin()], for one who changes nothing.
    public Span watch() {
        return new Span(begun.get(), 0);
    }

    /// The time between two looks at a file.
    ///
    /// **Threads:** one at a time.
    public final class Span {

        private final long number;
        private final boolean beganAlone;
        private boolean open;

        /// @param own how many changes are this one's
        private Span(long number, int own) {
            this.number = number;
            open = own > 0;
            beganAlone = ended.get() == number - own;
        }

        /// Notes that the change is made, or has failed. A second call does nothing.
        public void end() {
            if (open) {
                open = false;
                ended.incrementAndGet();
            }
        }

        /// Whether nobody else has changed anything since the first look; to be called after the last one.
        public boolean isUndisturbed() {
            return beganAlone && begun.get() == number;
        }
    }
}
