package org.vmfinalize.server.finalization;

import java.util.Optional;
import org.vmfinalize.vcenter.MoRef;

/// Something that vCenter is to do with a machine in a task of its own.
///
/// **Threads:** any number. Methods throw what vCenter throws.
interface VCenterWork {

    /// For the log and for people, such as `move to datastore san`.
    String what();

    /// Looks at what is needed, and changes nothing.
    ///
    /// @return has vCenter begin, and returns the task
    Order prepare();

    /// The task that is doing it, if there is one.
    Optional<MoRef> underWay();

    /// What is still not as it shall be; empty if all is. On the strength of that things are deleted, so what vCenter does not
    /// show is not as it shall be.
    String missing();

    /// What was looked at and is only to be begun.
    interface Order {
        MoRef begin();
    }
}
