package org.vmfinalize.vcenter;

/// vCenter answered, and refused.
///
/// Decide by [#type()], the name of the fault's type in the API, never by the message, which is in the session's
/// language.
public final class VCenterFault extends VCenterException {

    /// The session is over, or there never was one.
    public static final String NOT_AUTHENTICATED = "NotAuthenticated";

    /// Wrong user name, password or ticket.
    public static final String INVALID_LOGIN = "InvalidLogin";

    /// The user lacks a privilege; [#detail()] names it.
    public static final String NO_PERMISSION = "NoPermission";

    /// The object is not in the inventory any more.
    public static final String MANAGED_OBJECT_NOT_FOUND = "ManagedObjectNotFound";

    /// Another object in the folder has that name.
    public static final String DUPLICATE_NAME = "DuplicateName";

    /// The object is not in a state that allows the call.
    public static final String INVALID_STATE = "InvalidState";

    /// The virtual machine is on, off or suspended, and must not be for this call.
    public static final String INVALID_POWER_STATE = "InvalidPowerState";

    /// An argument was refused; [#detail()] names it.
    public static final String INVALID_ARGUMENT = "InvalidArgument";

    /// The thing named is not there.
    public static final String NOT_FOUND = "NotFound";

    /// It is there already.
    public static final String ALREADY_EXISTS = "AlreadyExists";

    /// Something still uses the object.
    public static final String RESOURCE_IN_USE = "ResourceInUse";

    /// The task was cancelled.
    public static final String REQUEST_CANCELED = "RequestCanceled";

    private final String type;
    private final String text;
    private final String detail;

    /// @param call    what was asked, such as `Rename_Task vm-51`
    /// @param type    the fault's type
    /// @param text    what vCenter says about it, in the session's language; may be empty
    /// @param detail  the property, privilege or name that the fault names; empty if it names none
    public VCenterFault(String call, String type, String text, String detail) {
        super(message(call, type, text, detail), null);
        this.type = type;
        this.text = oneLine(text);
        this.detail = detail;
    }

    /// The name of the fault's type in the API, such as `DuplicateName`. Types that this client does not know keep
    /// their name; empty if the server gave none.
    public String type() {
        return type;
    }

    /// What vCenter itself says, on one line and in the session's language; the fault's type where it says nothing.
    public String text() {
        return text.isEmpty() ? type : text;
    }

    /// Whether this is a fault of exactly that type.
    public boolean is(String faultType) {
        return type.equals(faultType);
    }

    /// The property, privilege, name or object that the fault is about; empty if it names none.
    public String detail() {
        return detail;
    }

    private static String message(String call, String type, String text, String detail) {
        var message = new StringBuilder("vCenter refused ").append(call).append(": ").append(type);
        if (!detail.isEmpty()) {
            message.append(" (").append(detail).append(')');
        }
        if (!text.isBlank()) {
            message.append(": ").append(oneLine(text));
        }
        return message.toString();
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
