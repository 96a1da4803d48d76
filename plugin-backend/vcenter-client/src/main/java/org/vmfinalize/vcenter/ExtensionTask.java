package org.vmfinalize.vcenter;

/// A task of our own in vCenter's task list: `queued` at first, then [#running()], then over.
///
/// It belongs to vCenter, not to the session that made it: another session finds it again by [#ref()]. When vCenter
/// restarts the task is gone, and every method throws a fault [VCenterFault#MANAGED_OBJECT_NOT_FOUND]; make a new one.
///
/// **Threads:** any number, in any order that the states allow.
public interface ExtensionTask {

    /// What to keep in order to find the task again.
    MoRef ref();

    /// Says that work has begun.
    void running();

    /// Says how much is done. Allowed while it is running; more than once a second gains nothing.
    ///
    /// @param percent 0 to 100
    void progress(int percent);

    /// Says what is being done now.
    void describe(TaskPhrase phrase);

    /// Ends the task well. Nothing happens if it is over already.
    void succeed();

    /// Ends the task with an error that says `text`. Nothing happens if it is over already.
    ///
    /// The fault's message key is the task's type followed by `.failed.summary`: register the fault id
    /// `<task type>.failed` with the extension, so that vCenter can show it in the reader's language.
    void fail(String text);

    /// Ends the task as cancelled. Nothing happens if it is over already.
    ///
    /// Somebody who cancels it in vCenter only asks for that, which a [watch][VCenter#watch(InventoryListener)] tells
    /// ([TaskStatus#cancelAsked()]): it is on us to stop then, and to call this.
    ///
    /// The fault's message key is the task's type followed by `.cancelled.summary`; its id, `<task type>.cancelled`, is to be
    /// registered as that of [#fail(String)].
    void cancelled();
}
