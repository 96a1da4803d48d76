package org.vmfinalize.vcenter;

/// What a virtual machine must not share with another one.
///
/// @param uuid         what its guest sees; empty if it is not known
/// @param instanceUuid by which vCenter tells machines apart; empty if it is not known
public record MachineIdentity(MoRef ref, String name, String uuid, String instanceUuid) {}
