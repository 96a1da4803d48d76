package org.vmfinalize.vcenter;

/// A resource pool.
///
/// @param owner the compute resource that it is a part of
public record ResourcePool(MoRef ref, String name, MoRef owner) {}
