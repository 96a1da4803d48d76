package org.vmfinalize.vcenter;

import java.util.List;

/// What vCenter says of a relocation before it is begun, in the session's language.
///
/// @param errors what forbids it
/// @param warnings what does not
public record RelocationCheck(List<String> errors, List<String> warnings) {

    /// Nothing is said against it.
    public static final RelocationCheck NOTHING = new RelocationCheck(List.of(), List.of());

    public RelocationCheck {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }
}
