package org.vmfinalize.backup;

import java.util.Optional;

/// Where other programs of the block layer, such as QEMU's, find a disk of a backup by themselves.
///
/// @param format `raw`, `qcow2`, `vmdk`, `vhd` or `vhdx`
/// @param location the file's, as [BackupFile#location()]; what the image refers to is found from there
/// @param within the part of the file that the image is, such as a member of an archive; empty: the whole file
/// @since 1.2
public record DiskImage(String format, String location, Optional<ByteRange> within) {}
