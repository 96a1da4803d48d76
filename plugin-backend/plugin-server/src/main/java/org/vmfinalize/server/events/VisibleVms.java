package org.vmfinalize.server.events;

import java.time.Duration;
import java.util.Set;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.VCenterException;

/// Which machines a caller may see, asked again now and then. A machine that is gone stays visible for one more round, so
/// that its end is heard.
///
/// **Threads:** one.
final class VisibleVms {

    private static final long ROUND_NANOS = Duration.ofSeconds(30).toNanos();
    /// For machines that are new: nobody is made to ask vCenter at every event.
    private static final long SHORTEST_NANOS = Duration.ofSeconds(1).toNanos();

    private final Caller caller;
    private Set<String> now = Set.of();
    private Set<String> before = Set.of();
    private long askedAt;
    private boolean asked;

    VisibleVms(Caller caller) {
        this.caller = caller;
    }

    /// @throws Problem UNAUTHORIZED if the caller's session is over
    boolean shows(String vm) {
        if (vm.isEmpty()) {
            return true;
        }
        long age = System.nanoTime() - askedAt;
        if (!asked || age > ROUND_NANOS || (!isKnown(vm) && age > SHORTEST_NANOS)) {
            ask();
        }
        return isKnown(vm);
    }

    private boolean isKnown(String vm) {
        return now.contains(vm) || before.contains(vm);
    }

    private void ask() {
        try {
            var seen = caller.visibleVms(Duration.ZERO);
            before = now;
            now = seen;
        } catch (VCenterException e) {
            // vCenter is away: what was visible a moment ago still is.
        } catch (Problem problem) {
            if (problem.type() == ProblemType.UNAUTHORIZED) {
                throw problem;
            }
        }
        asked = true;
        askedAt = System.nanoTime();
    }
}
