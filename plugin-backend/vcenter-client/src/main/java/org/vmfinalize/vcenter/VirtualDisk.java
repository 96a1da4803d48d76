package org.vmfinalize.vcenter;

/// A virtual disk of a virtual machine.
///
/// @param key           the device key, unique in its virtual machine
/// @param label         such as `Hard disk 1`
/// @param fileName      the place of its descriptor, such as `[nfs1] db1/db1.vmdk`; empty for a disk without a file
/// @param capacityBytes its size
/// @param parent        the place of the descriptor of the disk that it has only the changes of; empty if it is complete
public record VirtualDisk(int key, String label, String fileName, long capacityBytes, String parent) {}
