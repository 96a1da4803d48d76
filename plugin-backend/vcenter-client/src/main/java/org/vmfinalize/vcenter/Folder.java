package org.vmfinalize.vcenter;

/// A folder of virtual machines.
///
/// @param path   the names from its data centre's own folder down, joined with `/`; empty for that folder itself
/// @param parent the folder or data centre that it is in
public record Folder(MoRef ref, String name, String path, MoRef parent) {}
