package org.vmfinalize.lab.vcenter;

import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// A refusal, as the API says it.
final class LabFault extends RuntimeException {

    private final transient Data fault;

    /// @param text           for people; may be empty, as a vCenter's often is
    /// @param namesAndValues the fault's own properties
    LabFault(String type, String text, @Nullable Object... namesAndValues) {
        super(text);
        this.fault = Value.subtype(type, namesAndValues);
    }

    static LabFault notAuthenticated(Ref object) {
        return new LabFault("NotAuthenticated", "The session is not authenticated.", "object", object,
                "privilegeId",
                "System.View");
    }

    static LabFault noPermission(Ref object, String privilege) {
        return new LabFault("NoPermission", "Permission to perform this operation was denied.", "object",
                object,
                "privilegeId", privilege);
    }

    static LabFault notFound(Ref object) {
        return new LabFault("ManagedObjectNotFound",
                "The object has already been deleted or has not been completely created", "obj", object);
    }

    static LabFault invalidArgument(String property) {
        return new LabFault("InvalidArgument", "A specified parameter was not correct: " + property,
                "invalidProperty",
                property);
    }

    static LabFault invalidRequest(String why) {
        return new LabFault("InvalidRequest", why);
    }

    Data fault() {
        return fault;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /// The form that a fault has inside of data.
    Data localized() {
        return Value.data("LocalizedMethodFault", "fault", fault, "localizedMessage", text());
    }
}
