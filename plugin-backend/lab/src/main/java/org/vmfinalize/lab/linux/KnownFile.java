package org.vmfinalize.lab.linux;

/// A file of the guest's whose content is known from somebody else than the guest's disk.
///
/// @param path below the file system's root
/// @param sha256 lower-case hexadecimal
public record KnownFile(String path, String sha256) {}
