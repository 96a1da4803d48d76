package org.vmfinalize.server.instantvm;

/// Nothing of a machine needs its backup any more: the mark on it is taken back, and it is closed. May be told again after
/// a restart.
///
/// @param kept whether the machine has all its data now; else it was thrown away
public record BackupReleased(InstantVm vm, boolean kept) {}
