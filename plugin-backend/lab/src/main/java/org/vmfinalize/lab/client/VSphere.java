package org.vmfinalize.lab.client;

import java.util.List;
import java.util.Optional;
import org.vmfinalize.vcenter.Extension;

/// What the page needs to know of a vCenter. Each answer is the state of the moment.
///
/// **Threads:** any number.
public interface VSphere {

    /// The vCenter's id, the last part of each object's URN.
    String instanceUuid();

    /// All objects; a parent is listed before its children.
    List<InventoryObject> inventory();

    /// What runs and what ended lately, the newest first.
    List<RecentTask> recentTasks();

    List<Extension> extensions();

    /// Makes a token by which a plugin's server can ask for a session of this user; none once the user's own session is over.
    Optional<String> issuePluginToken(String userName);

    /// Asks a task to end early.
    ///
    /// @return whether it could be asked: it is there, not over, and lets itself be cancelled
    boolean cancelTask(String taskId);
}
