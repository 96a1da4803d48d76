package org.vmfinalize.server.finalization;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What vCenter still does with a machine once its disks are complete: it makes them independent of ours, and moves it.
///
/// **Threads:** any number.
final class AfterWork {

    private final Optional<FollowedTask> promotion;
    private final Optional<FollowedTask> relocation;
    private final @Nullable Move move;
    private volatile @Nullable FollowedTask current;

    /// @param promotion where the changes are on another datastore
    /// @param relocation how `move` is done, where there is one
    AfterWork(Optional<FollowedTask> promotion, Optional<FollowedTask> relocation, @Nullable Move move) {
        this.promotion = promotion;
        this.relocation = relocation;
        this.move = move;
    }

    Optional<FollowedTask> promotion() {
        return promotion;
    }

    Optional<FollowedTask> relocation() {
        return relocation;
    }

    /// What is being done now.
    Optional<FollowedTask> current() {
        return Optional.ofNullable(current);
    }

    void enter(FollowedTask task) {
        current = task;
    }

    /// Whether the machine is being moved now, or about to be.
    boolean isMoving() {
        return relocation.isPresent() && relocation.equals(current());
    }

    /// The move as far as it is.
    @Nullable
    Move move() {
        return move == null ? null : relocation.map(task -> move.at(task.step())).orElse(move);
    }

    /// How far it is that the disks are made independent.
    @Nullable
    VCenterStep promotionStep() {
        return promotion.map(FollowedTask::step).orElse(null);
    }
}
