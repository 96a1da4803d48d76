package org.vmfinalize.places.nbd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// For how long an export is taken for the same bytes: as long as somebody has it open without a break.
///
/// The protocol knows no version of an export, and samples do not find every change. Whoever has one open must be able to
/// rely on nobody writing to it; when nobody has it open any more it may be filled anew, so what was read before is not to be
/// mixed with what is read then.
///
/// **Threads:** any number.
final class Openings {

    @GuardedBy("this")
    private final Map<String, Opening> open = new HashMap<>();

    private record Opening(String name, int users) {}

    /// One more has it open.
    ///
    /// @param export its location and identity
    /// @return a name that is the same for all who have it open at the same time
    synchronized String enter(String export) {
        return open.merge(export, new Opening(UUID.randomUUID().toString(), 1),
                (old, _) -> new Opening(old.name(), old.users() + 1)).name();
    }

    /// One less has it open.
    synchronized void leave(String export) {
        open.computeIfPresent(export,
                (_, old) -> old.users() == 1 ? null : new Opening(old.name(), old.users() - 1));
    }
}
