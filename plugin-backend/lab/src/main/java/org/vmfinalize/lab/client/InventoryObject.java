package org.vmfinalize.lab.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One object of the inventory.
///
/// @param type       the VIM type, such as `VirtualMachine`
/// @param id         the managed object id, such as `vm-58`
/// @param parent     the parent's id; empty for the root
/// @param powerState `poweredOn`, `poweredOff` or `suspended`; only of virtual machines
/// @param managedBy  the solution that manages a virtual machine
/// @param facts      what its summary says: value by label, in order
public record InventoryObject(String type, String id, Optional<String> parent, String name,
        Optional<String> powerState, Optional<Manager> managedBy, Map<String, String> facts) {

    public InventoryObject {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /// A solution and the kind of object that it manages.
    public record Manager(String extensionKey, String type) {}
}
