package org.vmfinalize.server.session;

import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.vcenter.VCenterException;

/// What a caller may know of machines: of those that vCenter shows him; of those that he had something done to; and, if he
/// may read all of vCenter, of those that are not there any more.
///
/// Asks vCenter a constant number of times, however much is looked at, and only if it must.
///
/// **Threads:** one, for one request.
public final class Sight {

    private static final Logger LOG = LoggerFactory.getLogger(Sight.class);

    private static final String READ = "System.Read";
    private static final Duration RECENT = Duration.ofSeconds(1);

    private final String userName;
    private final Supplier<Set<String>> shownLately;
    private final Supplier<Set<String>> shownNow;
    private final Supplier<Predicate<String>> gone;

    /// @param all the machines that there are, whoever may see them
    Sight(Caller caller, Supplier<Set<String>> all) {
        this.userName = caller.userName();
        this.shownLately = new Once<>(() -> caller.visibleVms(RECENT));
        this.shownNow = new Once<>(() -> caller.visibleVms(Duration.ZERO));
        this.gone = new Once<>(() -> gone(caller, all));
    }

    /// Which machines are gone, as far as the caller may know that.
    private static Predicate<String> gone(Caller caller, Supplier<Set<String>> all) {
        try {
            if (caller.hasOnTop(READ)) {
                var there = all.get();
                return vm -> !there.contains(vm);
            }
        } catch (VCenterException e) {
            LOG.debug("vCenter does not tell whether {} may read all of it", caller.userName(), e);
        }
        return _ -> false;
    }

    /// Whether he may know of it.
    ///
    /// @param vmId of the machine
    /// @param initiator who had something done to it
    public boolean covers(String vmId, String initiator) {
        return initiator.equals(userName) || shownLately.get().contains(vmId)
                || shownNow.get().contains(vmId) || gone.get().test(vmId);
    }

    private static final class Once<T> implements Supplier<T> {

        private final Supplier<T> question;
        private @Nullable T answer;

        private Once(Supplier<T> question) {
            this.question = question;
        }

        @Override
        public T get() {
            var known = answer;
            if (known == null) {
                known = question.get();
                answer = known;
            }
            return known;
        }
    }
}
