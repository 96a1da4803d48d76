package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks, and the faults inside of data.
public final class Tasks {

    private Tasks() {}

    @XmlType(name = "TaskInfo", propOrder = {"task", "descriptionId", "state", "cancelled", "error",
            "result", "progress"})
    public static class TaskInfo {
        public @Nullable ManagedObjectReference task;
        public @Nullable String descriptionId;
        public @Nullable String state;
        public @Nullable Boolean cancelled;
        public @Nullable LocalizedMethodFault error;
        public @Nullable Object result;
        public @Nullable Integer progress;
    }

    /// The fault is declared as anything, though the WSDL says MethodFault: so the name of a type that is not known
    /// here is not lost.
    @XmlType(name = "LocalizedMethodFault", propOrder = {"fault", "localizedMessage"})
    public static class LocalizedMethodFault {
        public @Nullable Object fault;
        public @Nullable String localizedMessage;
    }

    @XmlType(name = "MethodFault", propOrder = {"faultMessage"})
    public static class MethodFault {
        public List<LocalizableMessage> faultMessage = new ArrayList<>();
    }

    @XmlType(name = "VimFault")
    public static class VimFault extends MethodFault {}

    @XmlType(name = "RuntimeFault")
    public static class RuntimeFault extends MethodFault {}

    @XmlType(name = "RequestCanceled")
    public static class RequestCanceled extends RuntimeFault {}

    @XmlType(name = "LocalizableMessage", propOrder = {"key", "arg", "message"})
    public static class LocalizableMessage {
        public @Nullable String key;
        public List<Events.Argument> arg = new ArrayList<>();
        public @Nullable String message;

        /// A message of that key, which says `text` where the reader's language has no text of that key.
        public static LocalizableMessage of(String key, String text) {
            var message = new LocalizableMessage();
            message.key = key;
            message.message = text;
            return message;
        }
    }
}
