package org.vmfinalize.console;

import groovy.lang.Closure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vmfinalize.client.Finalization;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;

/// A finalization.
///
/// **Threads:** any number.
public final class Job {

    private final Server server;
    private final List<Closure<?>> listeners = new CopyOnWriteArrayList<>();
    private volatile Finalization seen;

    Job(Server server, Finalization seen) {
        this.server = server;
        this.seen = seen;
    }

    /// The id that the server gave it.
    public String getId() {
        return seen.id();
    }

    /// The VM's name.
    public String getVm() {
        return seen.vmName();
    }

    /// The state now: `queued`, `hydrating`, `paused`, `sealing`, `moving`,
    /// `completed`, `cancelled` or `failed`.
    public String getState() {
        return look().state();
    }

    /// 0 to 100, now.
    public int getPercent() {
        return look().percent();
    }

    /// Whether nothing will change any more, now.
    public boolean isOver() {
        return look().isOver();
    }

    /// Why it waits or why it failed, as it was last seen; empty if there is nothing to say.
    public String getReason() {
        return seen.reason().orElse("");
    }

    /// Why the VM, which is complete, was not moved to another datastore, as it was last seen; empty if it was, or was not to be.
    public String getNotMoved() {
        return seen.notMoved().orElse("");
    }

    /// What is told each time that the server reports progress, while [#await()] waits.
    ///
    /// @param listener takes the job
    public Job onProgress(Closure<?> listener) {
        listeners.add(listener);
        return this;
    }

    /// Waits until it is over. A restart of the server meanwhile does not matter. Ctrl-C in the console ends the waiting,
    /// and the job goes on.
    ///
    /// @throws ConsoleException if it failed or was cancelled, or is not waited for any more
    public Job await() {
        awaitEnd();
        if (!seen.isCompleted()) {
            throw new ConsoleException(
                    "%s: must be finalized but %s%s".formatted(getVm(), "is " + seen.state(),
                            seen.reason().map(reason -> ": " + reason).orElse("")));
        }
        return this;
    }

    /// Waits until it is over, however it ends; [#getState()] tells.
    public Job awaitEnd() {
        try {
            seen = server.ask(api -> api.follow(getId(), this::tell));
            return this;
        } catch (ConsoleException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ConsoleException(
                        "%s: not waited for any more, and it goes on; finalization('%s').await() waits again, .cancel() ends it"
                                .formatted(getVm(), getId()),
                        e);
            }
            throw e;
        }
    }

    /// As it was when the server was asked last.
    Finalization seen() {
        return seen;
    }

    private boolean tell(Finalization now) {
        seen = now;
        listeners.forEach(listener -> listener.call(this));
        return true;
    }

    /// Stops copying until it is resumed; the VM goes on.
    public Job pause() {
        return steer("pause");
    }

    /// Lets it go on.
    public Job resume() {
        return steer("resume");
    }

    /// Lets it go on if it was paused by somebody; else nothing happens.
    public Job resumeIfPaused() {
        return getState().equals("paused") ? resume() : this;
    }

    /// Ends it; the VM goes on running from its backup.
    public Job cancel() {
        return steer("cancel");
    }

    /// Changes the limit while it runs.
    ///
    /// @param rate such as `'200 MB/s'`
    public void setLimit(String rate) {
        change("bytesPerSecond", Bytes.parsePerSecond(rate));
    }

    /// Changes how long the guest's requests may take while it runs.
    ///
    /// @param time such as `'20 ms'`, or `'auto'`
    public void setLatencyGoal(String time) {
        change("latencyGoalMillis", Times.parseMillis(time));
    }

    /// Changes its share where several VMs are finalized.
    ///
    /// @param priority `'low'`, `'normal'` or `'high'`
    public void setPriority(String priority) {
        change("priority", priority);
    }

    private void change(String field, Object value) {
        seen = server.ask(api -> api.change(getId(), Map.of(field, value)));
    }

    /// The signed receipt, once it is completed.
    ///
    /// @throws ConsoleException if it is not
    public Map<String, ?> getReceipt() {
        return Server.asMap(server.ask(api -> api.object("finalizations/%s/receipt".formatted(getId()))));
    }

    private Job steer(String verb) {
        seen = server.ask(api -> api.steer(getId(), verb));
        return this;
    }

    private Finalization look() {
        seen = server.ask(api -> api.finalization(getId()));
        return seen;
    }

    /// For people, as it was last seen: `web-01: hydrating, 41 %`.
    @Override
    public String toString() {
        return seen.toString();
    }
}
