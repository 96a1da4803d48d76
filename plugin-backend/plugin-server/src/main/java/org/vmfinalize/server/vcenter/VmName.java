package org.vmfinalize.server.vcenter;

import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.vcenter.VCenterFault;

/// What vCenter takes as the name of a virtual machine.
public final class VmName {

    /// vCenter's own limit.
    public static final int MAX_LENGTH = 80;

    private VmName() {}

    /// The name without blanks around it.
    ///
    /// @throws Problem NAME_INVALID if vCenter would not take it
    public static String checked(String name) {
        if (name.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        || Character.getType(c) == Character.SURROGATE)) {
            throw invalid("must not contain control characters but did");
        }
        var stripped = name.strip();
        if (stripped.isEmpty()) {
            throw invalid("must not be empty but was");
        }
        if (stripped.length() > MAX_LENGTH) {
            throw invalid(
                    "must have at most %d characters but had %d".formatted(MAX_LENGTH, stripped.length()));
        }
        return stripped;
    }

    /// What to answer when vCenter refused to give a machine this name.
    public static RuntimeException refused(VCenterFault fault, String name) {
        if (fault.is(VCenterFault.DUPLICATE_NAME) || fault.is(VCenterFault.ALREADY_EXISTS)) {
            return new Problem(ProblemType.NAME_TAKEN,
                    "name '%s': another object in the same folder of vCenter has it; choose another name"
                            .formatted(name),
                    fault);
        }
        if (fault.is("InvalidName")
                || (fault.is(VCenterFault.INVALID_ARGUMENT) && fault.detail().endsWith("ame"))) {
            return new Problem(ProblemType.NAME_INVALID,
                    "name '%s': vCenter does not take it; choose another name".formatted(name), fault);
        }
        return fault;
    }

    private static Problem invalid(String why) {
        return new Problem(ProblemType.NAME_INVALID,
                "name of the virtual machine: %s; choose another name".formatted(why));
    }
}
