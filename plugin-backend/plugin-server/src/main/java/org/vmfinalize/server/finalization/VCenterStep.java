package org.vmfinalize.server.finalization;

import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;

/// How far something is that vCenter does for a job in a task of its own. Written down before it is taken.
///
/// @param task  the id of that task, once it is known
/// @param asked how often vCenter was asked
/// @param failure why it was not done, one line
record VCenterStep(State state, @Nullable String task, int asked, @Nullable String failure) {

    static final VCenterStep WAITING = new VCenterStep(State.WAITING, null, 0, null);

    enum State {
        /// It is not its turn yet.
        WAITING,
        /// vCenter was, or was just about to be, asked.
        ASKED, DONE, CANCELLED, FAILED
    }

    boolean hasEnded() {
        return state.compareTo(State.ASKED) > 0;
    }

    /// Before vCenter is asked (again).
    VCenterStep asking() {
        return new VCenterStep(State.ASKED, null, asked + 1, null);
    }

    VCenterStep with(MoRef newTask) {
        return new VCenterStep(State.ASKED, newTask.value(), asked, null);
    }

    VCenterStep ended(State how, @Nullable String why) {
        return new VCenterStep(how, task, asked, why);
    }
}
