package org.vmfinalize.nfs;

/// The ports that a server really has.
///
/// @param portmapper -1 if there is none
public record NfsPorts(int nfs, int mount, int portmapper) {}
