package org.vmfinalize.lab.guest;

/// Where a file server listens.
///
/// @param host a name or an address
/// @param nfsPort the TCP port of program 100003, NFS
/// @param mountPort the TCP port of program 100005, MOUNT
public record NfsAddress(String host, int nfsPort, int mountPort) {}
