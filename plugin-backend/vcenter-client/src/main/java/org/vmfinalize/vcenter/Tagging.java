package org.vmfinalize.vcenter;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/// vSphere's tags, which only vCenter's Automation API knows.
///
/// **Threads:** any number. Methods wait for the network.
public interface Tagging extends AutoCloseable {

    /// The tags of many objects, asked for in one call. What tags and categories are called is asked for once each and
    /// remembered for a minute.
    ///
    /// @return of each object that has tags those that the session's user may see, in the order of category and name
    /// @throws VCenterFault if vCenter refuses
    /// @throws VCenterUnavailableException if it is away, or does not answer as its Automation API does
    Map<MoRef, List<Tag>> tags(Collection<MoRef> objects);

    /// Logs out. Never throws.
    @Override
    void close();
}
