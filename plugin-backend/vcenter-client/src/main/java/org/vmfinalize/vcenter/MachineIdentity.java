package org.vmfinalize.vcenter;

import java.util.Optional;

/// What a virtual machine must not share with another one.
///
/// @param uuid         what its guest sees; empty if it is not known
/// @param instanceUuid by which vCenter tells machines apart; empty if it is not known
/// @param folder       in which its name is unique; empty if it is in none that the user may see
public record MachineIdentity(MoRef ref, String name, String uuid, String instanceUuid,
        Optional<MoRef> folder) {}
