package org.vmfinalize.lab.vcenter;

/// Names of entities as the API has them: `%`, `/` and `\` are escaped.
final class EntityName {

    private static final int MAX_LENGTH = 80;

    private EntityName() {}

    /// Checks a name that a client sent, and gives it the form in which it is kept.
    ///
    /// @throws LabFault InvalidName
    static String kept(String sent, Value.Ref entity) {
        String shown = shown(sent);
        if (shown.isBlank() || shown.codePointCount(0, shown.length()) > MAX_LENGTH) {
            throw new LabFault("InvalidName", "The name '%s' is invalid.".formatted(shown), "name", sent,
                    "entity", entity);
        }
        return shown.replace("%", "%25").replace("/", "%2f").replace("\\", "%5c");
    }

    /// The name as people see it.
    static String shown(String kept) {
        return kept.replaceAll("(?i)%2f", "/").replaceAll("(?i)%5c", "\\\\").replace("%25", "%");
    }
}
