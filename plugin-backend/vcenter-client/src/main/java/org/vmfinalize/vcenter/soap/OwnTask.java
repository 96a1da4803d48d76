package org.vmfinalize.vcenter.soap;

import java.util.Map;
import java.util.Set;
import org.vmfinalize.vcenter.ExtensionTask;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskPhrase;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Events;
import org.vmfinalize.vcenter.soap.vim.Tasks;
import org.vmfinalize.vcenter.soap.vim.Tasks.LocalizableMessage;
import org.vmfinalize.vcenter.soap.vim.Tasks.LocalizedMethodFault;
import org.vmfinalize.vcenter.soap.vim.Tasks.MethodFault;

/// A task of ours.
record OwnTask(Session session, MoRef ref, String type) implements ExtensionTask {

    /// How a server may say that a fault is not of the type that the method wants.
    private static final Set<String> REFUSES_VALUE = Set.of(VCenterFault.INVALID_ARGUMENT, "InvalidRequest",
            "InvalidType");

    @Override
    public void running() {
        change(Call.of("SetTaskState", ref).with("state", "running"));
    }

    @Override
    public void progress(int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("task progress: must be 0..100 percent but was " + percent);
        }
        change(Call.of("UpdateProgress", ref).with("percentDone", percent));
    }

    @Override
    public void describe(TaskPhrase phrase) {
        var message = LocalizableMessage.of(phrase.key(), phrase.text());
        phrase.arguments().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(entry -> message.arg.add(Events.Argument.of(entry.getKey(), entry.getValue())));
        change(Call.of("SetTaskDescription", ref).with("description", LocalizableMessage.class, message));
    }

    @Override
    public void succeed() {
        end(Call.of("SetTaskState", ref).with("state", "success"));
    }

    @Override
    public void fail(String text) {
        end(error(new Tasks.VimFault(), type + ".failed.summary", text));
    }

    @Override
    public void cancelled() {
        try {
            end(error(new Tasks.RequestCanceled(), type + ".cancelled.summary", "The task was cancelled."));
        } catch (VCenterFault e) {
            if (!REFUSES_VALUE.contains(e.type())) {
                throw e;
            }
            // The method wants a VimFault, and RequestCanceled is none: not every server lets that pass.
            end(error(new Tasks.VimFault(), type + ".cancelled.summary", "The task was cancelled."));
        }
    }

    private Call error(MethodFault fault, String key, String text) {
        fault.faultMessage.add(LocalizableMessage.of(key, text));
        var localized = new LocalizedMethodFault();
        localized.fault = fault;
        localized.localizedMessage = text;
        return Call.of("SetTaskState", ref)
                .with("state", "error")
                .with("fault", LocalizedMethodFault.class, localized);
    }

    private void end(Call call) {
        try {
            change(call);
        } catch (VCenterFault e) {
            // It is over: somebody cancelled it, or the answer to an earlier call was lost.
            if (!e.is(VCenterFault.INVALID_STATE)) {
                throw e;
            }
        }
    }

    private void change(Call call) {
        session.changing(() -> session.send(call, Object.class));
    }
}
