package org.vmfinalize.lab.guest;

/// How a guest uses its disk.
///
/// @param seed decides positions, lengths and contents
/// @param operationsPerSecond the steady rate of all its workers together
/// @param workers how many operations may be under way at once
public record GuestPlan(long seed, int operationsPerSecond, int workers) {

    public GuestPlan {
        if (operationsPerSecond < 1 || workers < 1) {
            throw new IllegalArgumentException("guest: rate and workers must be at least 1 but were %d and %d"
                    .formatted(operationsPerSecond, workers));
        }
    }
}
