package org.vmfinalize.vcenter;

/// An NFS version 3 export to be mounted as a datastore.
///
/// @param remoteHost    the server's name or address, as the hosts reach it. Hosts that shall share the datastore must
///                      be given exactly the same text
/// @param remotePath    the exported path
/// @param datastoreName the datastore's name, at most 42 characters on ESXi
/// @param readOnly      whether hosts may only read
public record NfsMount(String remoteHost, String remotePath, String datastoreName, boolean readOnly) {}
