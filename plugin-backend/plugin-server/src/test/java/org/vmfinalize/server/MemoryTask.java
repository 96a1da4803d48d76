package org.vmfinalize.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.ExtensionTask;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskPhrase;
import org.vmfinalize.vcenter.TaskStatus;
import org.vmfinalize.vcenter.VCenterFault;

/// A task and all that was said of it.
final class MemoryTask implements ExtensionTask {

    private final MemoryVCenter vcenter;
    final MoRef ref;
    final MoRef vm;
    final String initiatedBy;
    final Map<Integer, String> said = new LinkedHashMap<>();
    volatile String state = "queued";
    volatile int percent;
    volatile @Nullable String error;
    volatile boolean cancelAsked;

    MemoryTask(MemoryVCenter vcenter, MoRef ref, MoRef vm, String initiatedBy) {
        this.vcenter = vcenter;
        this.ref = ref;
        this.vm = vm;
        this.initiatedBy = initiatedBy;
    }

    private void enter(String call) {
        vcenter.check(call);
        if (!vcenter.tasks.containsKey(ref.value())) {
            throw new VCenterFault(call, VCenterFault.MANAGED_OBJECT_NOT_FOUND, "", ref.value());
        }
    }

    boolean isOpen() {
        return state.equals("queued") || state.equals("running");
    }

    TaskStatus status() {
        return switch (state) {
            case "success" -> new TaskStatus(TaskStatus.State.SUCCEEDED, 100, cancelAsked, Optional.empty());
            case "error", "cancelled" ->
                new TaskStatus(TaskStatus.State.FAILED, percent, cancelAsked, Optional.empty());
            default -> new TaskStatus(TaskStatus.State.UNDER_WAY, percent, cancelAsked, Optional.empty());
        };
    }

    private void end(String how) {
        enter("end");
        if (isOpen()) {
            state = how;
        }
    }

    @Override
    public MoRef ref() {
        return ref;
    }

    @Override
    public void running() {
        enter("running");
        state = "running";
    }

    @Override
    public void progress(int newPercent) {
        enter("progress");
        if (!state.equals("running")) {
            throw MemoryVCenter.fault("UpdateProgress", VCenterFault.INVALID_STATE);
        }
        percent = newPercent;
    }

    @Override
    public synchronized void describe(TaskPhrase phrase) {
        enter("describe");
        said.put(said.size(), phrase.text());
    }

    synchronized List<String> texts() {
        return List.copyOf(said.values());
    }

    @Override
    public void succeed() {
        end("success");
    }

    @Override
    public void fail(String text) {
        error = text;
        end("error");
    }

    @Override
    public void cancelled() {
        end("cancelled");
    }
}
