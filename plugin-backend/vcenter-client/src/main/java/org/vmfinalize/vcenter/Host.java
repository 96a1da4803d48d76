package org.vmfinalize.vcenter;

/// An ESXi host.
///
/// @param connected       whether vCenter reaches it now
/// @param maintenance     whether it is in maintenance mode, in which no virtual machine is started
/// @param computeResource the cluster that it belongs to, or the compute resource of its own
public record Host(MoRef ref, String name, boolean connected, boolean maintenance, MoRef computeResource) {

    /// Whether a virtual machine can be started on it now.
    public boolean isUsable() {
        return connected && !maintenance;
    }
}
