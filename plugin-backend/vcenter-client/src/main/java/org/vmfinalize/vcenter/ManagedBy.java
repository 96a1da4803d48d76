package org.vmfinalize.vcenter;

/// The solution that manages a virtual machine, which gives the machine its own icon.
///
/// @param extensionKey the key of a registered [Extension]
/// @param type         one of that extension's managed entity types
public record ManagedBy(String extensionKey, String type) {

    public ManagedBy {
        if (extensionKey.isEmpty() || type.isEmpty()) {
            // Two empty texts are the API's word for "clear it", which has a method of its own.
            throw new IllegalArgumentException(
                    "managedBy: extension key and type must not be empty but were '%s', '%s'"
                            .formatted(extensionKey, type));
        }
    }
}
