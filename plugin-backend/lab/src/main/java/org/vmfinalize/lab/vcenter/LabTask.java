package org.vmfinalize.lab.vcenter;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Any;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// A task: queued, running, then over by success or error. Guarded by the lock of its [World].
final class LabTask implements ManagedObject {

    private final Ref ref;
    private final @Nullable String methodName;
    private final String descriptionId;
    private final Ref entity;
    private final String entityName;
    private final String userName;
    private final boolean cancelable;
    private final Instant queued = Instant.now();

    private String state = "queued";
    private boolean cancelled;
    private @Nullable Integer progress;
    private @Nullable Data description;
    private @Nullable Data error;
    private @Nullable Value result;
    private @Nullable Instant started;
    private @Nullable Instant ended;

    /// @param methodName null for a task of an extension
    LabTask(Ref ref, @Nullable String methodName, String descriptionId, Ref entity, String entityName,
            String userName,
            boolean cancelable) {
        this.ref = ref;
        this.methodName = methodName;
        this.descriptionId = descriptionId;
        this.entity = entity;
        this.entityName = entityName;
        this.userName = userName;
        this.cancelable = cancelable;
    }

    @Override
    public Ref ref() {
        return ref;
    }

    boolean isOver() {
        return ended != null;
    }

    void run() {
        if (!state.equals("queued")) {
            throw invalidState();
        }
        state = "running";
        started = Instant.now();
    }

    void progress(int percent) {
        if (!state.equals("running")) {
            throw invalidState();
        }
        if (percent < 0 || percent > 100) {
            throw LabFault.invalidArgument("percentDone");
        }
        progress = percent;
    }

    void describe(Data message) {
        if (isOver()) {
            throw invalidState();
        }
        description = message;
    }

    void succeed(@Nullable Value value) {
        end("success");
        result = value;
    }

    void fail(Data localizedFault) {
        end("error");
        error = localizedFault;
    }

    /// Only asks: it is on whoever does the work to stop.
    void cancel() {
        if (isOver()) {
            throw invalidState();
        }
        if (!cancelable) {
            throw new LabFault("NotSupported", "The operation is not supported on the object.");
        }
        cancelled = true;
    }

    boolean isCancelAsked() {
        return cancelled;
    }

    private void end(String last) {
        if (isOver()) {
            throw invalidState();
        }
        state = last;
        ended = Instant.now();
    }

    private static LabFault invalidState() {
        return new LabFault("InvalidState", "The operation is not allowed in the current state.");
    }

    Data info() {
        return Value.data("TaskInfo", "key", ref.id(), "task", ref, "description", description, "name",
                methodName,
                "descriptionId", descriptionId, "entity", entity, "entityName", entityName, "state", state,
                "cancelled",
                cancelled, "cancelable", cancelable, "error", error, "result",
                result == null ? null : new Any(result),
                "progress", progress, "reason", Value.subtype("TaskReasonUser", "userName", userName),
                "queueTime",
                queued, "startTime", started, "completeTime", ended, "eventChainId", 0);
    }

    @Override
    public Data properties() {
        return Value.data("Task", "info", info());
    }

    /// What the lab's page shows of it.
    ///
    /// @param label what the task is called
    RecentTask view(String label) {
        return new RecentTask(ref.id(), label, entity.id(), entityName, state,
                progress == null ? 0 : progress,
                description == null ? "" : description.text("message"),
                error == null ? "" : error.text("localizedMessage"),
                cancelable, cancelled, userName, queued, Optional.ofNullable(ended));
    }

    String descriptionId() {
        return descriptionId;
    }
}
