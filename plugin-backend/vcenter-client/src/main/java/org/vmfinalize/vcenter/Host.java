package org.vmfinalize.vcenter;

/// An ESXi host.
///
/// @param connected whether vCenter reaches it now
public record Host(MoRef ref, String name, boolean connected) {}
