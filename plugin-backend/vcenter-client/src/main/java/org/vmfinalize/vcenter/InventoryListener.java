package org.vmfinalize.vcenter;

/// Hears of changes in the inventory. Calls come one after the other, from one thread; an exception
/// would end the watch.
public interface InventoryListener {

    /// A virtual machine is new, or something of it changed: its name, power state, manager or place.
    void changed(VirtualMachine vm);

    /// A virtual machine left the inventory.
    void removed(MoRef vm);

    /// Changes are not heard for the moment; watching goes on by itself, and what was missed is told afterwards.
    void interrupted(VCenterException why);
}
