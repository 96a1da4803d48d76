package org.vmfinalize.server.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.vmfinalize.server.problem.Problem;

/// What speaks against an action: for the action itself the first thing, for its plan everything.
///
/// **Threads:** one.
public final class Objections {

    private final boolean collecting;
    private final List<Problem> all = new ArrayList<>();

    private Objections(boolean collecting) {
        this.collecting = collecting;
    }

    /// For an action: the first objection is thrown.
    public static Objections thrown() {
        return new Objections(false);
    }

    /// For a plan: objections are kept, and what can be looked at in spite of them is.
    public static Objections collected() {
        return new Objections(true);
    }

    /// Looks at something that may be refused.
    ///
    /// @return empty if it was refused
    /// @throws Problem the refusal, for an action; always one that leaves nothing to be planned
    public <T> Optional<T> ask(Supplier<T> look) {
        try {
            return Optional.of(look.get());
        } catch (Problem problem) {
            if (!collecting || endsPlan(problem)) {
                throw problem;
            }
            all.add(problem);
            return Optional.empty();
        }
    }

    /// The same for what has no result.
    public void check(Runnable look) {
        var _ = ask(() -> {
            look.run();
            return true;
        });
    }

    public List<Problem> all() {
        return List.copyOf(all);
    }

    /// Without a caller, a machine and a vCenter nothing can be told.
    private static boolean endsPlan(Problem problem) {
        return switch (problem.type()) {
            case UNAUTHORIZED, VCENTER_UNAVAILABLE, VM_NOT_FOUND, INTERNAL_ERROR -> true;
            default -> false;
        };
    }
}
