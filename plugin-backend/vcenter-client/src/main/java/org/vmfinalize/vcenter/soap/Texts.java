package org.vmfinalize.vcenter.soap;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.ManagedBy;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;
import org.w3c.dom.Node;

/// What values of properties mean: they arrive as anything, or not at all.
final class Texts {

    private Texts() {}

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// A text or the name of an enumeration's constant; empty if it is neither.
    static String text(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            // A type that is not bound, such as an enumeration: its text is still there.
            case Node node -> String.valueOf(node.getTextContent()).strip();
            case null, default -> "";
        };
    }

    static Optional<MoRef> reference(@Nullable Object value) {
        return value instanceof ManagedObjectReference reference
                ? Optional.of(reference.toMoRef())
                : Optional.empty();
    }

    static Optional<ManagedBy> managedBy(@Nullable Object value) {
        return value instanceof Machines.ManagedByInfo info && !orEmpty(info.extensionKey).isEmpty()
                && !orEmpty(info.type).isEmpty()
                        ? Optional.of(new ManagedBy(orEmpty(info.extensionKey), orEmpty(info.type)))
                        : Optional.empty();
    }

    /// An entity's name as people see it: vCenter keeps three characters escaped.
    static String shownName(String name) {
        return name.replaceAll("(?i)%2f", "/").replaceAll("(?i)%5c", "\\\\").replace("%25", "%");
    }
}
