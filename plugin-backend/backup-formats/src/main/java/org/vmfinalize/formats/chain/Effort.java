package org.vmfinalize.formats.chain;

/// What one step of a walk over a chain has cost, so that no step takes long however an image is made.
///
/// A step is what a caller waits for: one extent. An image with tables that say the same of each of its blocks, or with
/// each table in another part of the file, would else keep the caller for as long as its maker likes.
final class Effort {

    /// About half a second of processor time.
    private static final long MAX = 1 << 18;

    /// Compared with looking at an entry that is in memory.
    private static final int ASKING_A_FILE = 16;

    private final Chain chain;
    private long lookups;
    private long questions;
    private long pagesBefore;

    Effort(Chain chain) {
        this.chain = chain;
        begin();
    }

    void begin() {
        lookups = 0;
        questions = 0;
        pagesBefore = chain.pagesRead().getAsLong();
    }

    /// Counts that each layer was asked where a byte is.
    void lookedUp() {
        lookups += chain.layers().size();
    }

    /// Counts that a file was asked what it has in a range.
    void askedFile() {
        questions++;
    }

    /// Whether the step has cost so much that it ends with what it has.
    boolean isSpent() {
        // Other threads' pages count too: a step may end early but never late.
        long asked = questions + chain.pagesRead().getAsLong() - pagesBefore;
        return lookups + asked * ASKING_A_FILE > MAX;
    }
}
