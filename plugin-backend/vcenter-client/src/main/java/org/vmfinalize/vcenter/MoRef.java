package org.vmfinalize.vcenter;

/// A managed object reference: which object of which kind in one vCenter, such as `VirtualMachine` `vm-51`.
///
/// It stays the same as long as the object is in the inventory, whatever the object is renamed to.
///
/// @param type  the name of the managed object type; empty only where a server left it out
/// @param value the object's id, unique in its vCenter
public record MoRef(String type, String value) {

    public MoRef {
        if (type.length() > 200 || value.length() > 1000) {
            throw new IllegalArgumentException(
                    "managed object reference: type and id must have at most 200 and 1000 characters but had %d and %d"
                            .formatted(type.length(), value.length()));
        }
    }

    /// Names the virtual machine with the id `value`.
    public static MoRef virtualMachine(String value) {
        return new MoRef("VirtualMachine", value);
    }

    @Override
    public String toString() {
        return type + ":" + value;
    }
}
