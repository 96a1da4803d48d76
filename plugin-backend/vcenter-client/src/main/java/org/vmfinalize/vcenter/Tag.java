package org.vmfinalize.vcenter;

/// A tag of vSphere's.
///
/// @param category the name of its category, such as `Priority`
/// @param name such as `1`
public record Tag(String category, String name) {}
